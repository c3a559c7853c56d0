"""What File Explorer and an editor of Windows leave: no modes, lines that end in CR LF."""

import io
import zipfile


def make(files):
    stream = io.BytesIO()
    files = files | {"lambda_function.py": files["lambda_function.py"].replace(b"\n", b"\r\n")}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)
    return stream.getvalue()
