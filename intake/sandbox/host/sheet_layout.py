"""Hold the program by which LibreOffice draws a workbook's narrow columns wider.

A number that does not fit its cell is drawn as `###`, and a text is cut off by its neighbour. The
program makes such columns as wide as their content, up to a limit beyond which text is wrapped. It
runs in LibreOffice's Basic, inside the walls, on a document whose own macros may not run; nothing
of the document's is ever part of the program.
"""

# 1/100 mm. Wider columns would put each on a page of its own.
MAX_WIDTH = 12_000
MAX_COLUMNS, MAX_CELLS = 300, 2_000_000
NEVER_EXECUTE = NO_UPDATE = 0  # com.sun.star.document.MacroExecMode and UpdateDocMode
BASIC = f"""
Sub Draw(source As String, target As String)
 On Error GoTo Failed
 Dim opened(2) As New com.sun.star.beans.PropertyValue
 opened(0).Name = "Hidden" : opened(0).Value = True
 opened(1).Name = "MacroExecutionMode" : opened(1).Value = {NEVER_EXECUTE}
 opened(2).Name = "UpdateDocMode" : opened(2).Value = {NO_UPDATE}
 Dim book, sheet, number
 book = StarDesktop.loadComponentFromURL(source, "_blank", 0, opened())
 For number = 0 To book.Sheets.Count - 1
  sheet = book.Sheets.getByIndex(number)
  If sheet.IsVisible Then Widen sheet
 Next
 Dim notes(0) As New com.sun.star.beans.PropertyValue
 notes(0).Name = "ExportNotes" : notes(0).Value = True
 Dim saved(1) As New com.sun.star.beans.PropertyValue
 saved(0).Name = "FilterName" : saved(0).Value = "calc_pdf_Export"
 saved(1).Name = "FilterData" : saved(1).Value = notes()
 book.storeToURL(target, saved())
 book.close(True)
Failed:
End Sub

Sub Widen(sheet)
 On Error GoTo Failed
 Dim used, area, column, number, was
 used = sheet.createCursor()
 used.gotoStartOfUsedArea(False)
 used.gotoEndOfUsedArea(True)
 area = used.RangeAddress
 number = (area.EndColumn - area.StartColumn + 1) * (area.EndRow - area.StartRow + 1)
 If number > {MAX_CELLS} Then Exit Sub
 For number = 0 To used.Columns.Count - 1
  If number >= {MAX_COLUMNS} Then Exit For
  column = used.Columns.getByIndex(number)
  If column.IsVisible Then
   was = column.Width
   column.OptimalWidth = True
   If column.Width < was Then
    column.Width = was
   ElseIf column.Width > {MAX_WIDTH} Then
    column.Width = was
    If was < {MAX_WIDTH} Then column.Width = {MAX_WIDTH}
    used.getCellRangeByPosition(number, 0, number, area.EndRow - area.StartRow).IsTextWrapped = True
    Grow used.Rows
   End If
  End If
 Next
Failed:
End Sub

Sub Grow(rows)
 Dim row, number
 For number = 0 To rows.Count - 1
  row = rows.getByIndex(number)
  If row.IsVisible Then row.OptimalHeight = True
 Next
End Sub
"""
LIBRARY = (
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE library:{0} PUBLIC'
    ' "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{0}.dtd">'
    '<library:{0} xmlns:library="http://openoffice.org/2000/library"'
)
LIBRARIES = (
    LIBRARY.format("libraries")
    + '><library:library library:name="Standard" library:link="false"/></library:libraries>'
)
STANDARD = (
    LIBRARY.format("library")
    + ' library:name="Standard" library:readonly="false" library:passwordprotected="false">'
    '<library:element library:name="Copy"/></library:library>'
)


def module() -> str:
    """Return the program as LibreOffice keeps it in a profile."""
    written = BASIC.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE script:module PUBLIC'
        ' "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">'
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Copy"'
        f' script:language="StarBasic">{written}</script:module>'
    )
