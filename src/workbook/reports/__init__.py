"""Reports: functions of the result document. Nothing of the rest of the workbook is known here."""
