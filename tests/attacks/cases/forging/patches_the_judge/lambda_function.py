import importlib
import sys

from honest import breach, lambda_handler

for name in ("pytest", "_pytest", "workbook", "moto", "werkzeug", "flask", "pluggy", "conftest", "test_means"):
    try:
        module = importlib.import_module(name)
    except ImportError:
        pass
    else:
        breach("import", module)
if found := [name for name in sys.modules if "pytest" in name or name.startswith(("workbook", "moto"))]:
    breach("sys.modules", found)
