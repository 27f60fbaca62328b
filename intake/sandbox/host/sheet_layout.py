"""Hold the program by which LibreOffice draws all of a workbook's cells, and large enough.

A number that does not fit its cell is drawn as `###`, and a text is cut off by its neighbour. The
program makes such columns as wide as their content, up to a limit beyond which text is wrapped, and
low rows as high. A sheet that was fitted to few pages is drawn at its own size where nobody could
read it otherwise. It takes print ranges away, since what is outside them would not be drawn, and
shows what a number format such as `;;;` or a cell's protection hides. Where it leaves something as
it was, it writes the file LEFT. It runs in LibreOffice's Basic, inside the walls, on a document
whose own macros may not run; nothing of the document's is ever part of the program.
"""

# 1/100 mm. Wider columns would put each on a page of its own, lower rows could not be read.
MAX_WIDTH, MIN_HEIGHT = 12_000, 350
# The program measures text for the screen, and on paper its lines are a little higher: of thirty
# lines the first would not be seen. A row of many lines is made a tenth higher.
MANY_LINES = 2_000
# Per cent: a page that is drawn smaller cannot be read either.
MIN_SCALE = 40
MAX_COLUMNS, MAX_ROWS, MAX_CELLS, MAX_FORMATS = 300, 20_000, 2_000_000, 5_000
# Written beside the PDF when not all cells could be drawn so.
LEFT = "left"
NEVER_EXECUTE = NO_UPDATE = 0  # com.sun.star.document.MacroExecMode and UpdateDocMode
BASIC = f"""
Dim isLeft As Boolean
Sub Draw(source As String, target As String)
 On Error GoTo Failed
 Dim opened(2) As New com.sun.star.beans.PropertyValue
 opened(0).Name = "Hidden" : opened(0).Value = True
 opened(1).Name = "MacroExecutionMode" : opened(1).Value = {NEVER_EXECUTE}
 opened(2).Name = "UpdateDocMode" : opened(2).Value = {NO_UPDATE}
 Dim book, sheet, number
 book = StarDesktop.loadComponentFromURL(source, "_blank", 0, opened())
 isLeft = False
 Enlarge book.StyleFamilies.getByName("PageStyles")
 For number = 0 To book.Sheets.Count - 1
  sheet = book.Sheets.getByIndex(number)
  sheet.setPrintAreas(Array())
  If sheet.IsVisible Then
   Show book, sheet
   Widen sheet
   Unfit book, sheet
  End If
 Next
 Dim notes(0) As New com.sun.star.beans.PropertyValue
 notes(0).Name = "ExportNotes" : notes(0).Value = True
 Dim saved(1) As New com.sun.star.beans.PropertyValue
 saved(0).Name = "FilterName" : saved(0).Value = "calc_pdf_Export"
 saved(1).Name = "FilterData" : saved(1).Value = notes()
 If isLeft Then
  number = FreeFile
  Open "/tmp/out/{LEFT}" For Output As #number
  Close #number
 End If
 book.storeToURL(target, saved())
 book.close(True)
Failed:
End Sub

Function UsedCells(sheet)
 Dim cursor
 cursor = sheet.createCursor()
 cursor.gotoStartOfUsedArea(False)
 cursor.gotoEndOfUsedArea(True)
 UsedCells = cursor
End Function

Sub Enlarge(styles)
 On Error GoTo Failed
 Dim style, number
 For number = 0 To styles.Count - 1
  style = styles.getByIndex(number)
  If style.PageScale > 0 And style.PageScale < {MIN_SCALE} Then style.PageScale = 100
 Next
 Exit Sub
Failed:
 isLeft = True
End Sub

Sub Unfit(book, sheet)
 On Error GoTo Failed
 Dim style, size, across, down, scale As Double
 style = book.StyleFamilies.getByName("PageStyles").getByName(sheet.PageStyle)
 size = UsedCells(sheet).Size
 If size.Width = 0 Or size.Height = 0 Then Exit Sub
 across = (style.Width - style.LeftMargin - style.RightMargin) / size.Width
 down = (style.Height - style.TopMargin - style.BottomMargin) / size.Height
 scale = 1
 If style.ScaleToPages = 1 Then
  scale = across
  If down < across Then scale = down
 ElseIf style.ScaleToPages > 1 Then
  scale = Sqr(style.ScaleToPages * across * down)
 End If
 If style.ScaleToPagesX > 0 Then scale = style.ScaleToPagesX * across
 If style.ScaleToPagesY > 0 Then
  If style.ScaleToPagesY * down < scale Then scale = style.ScaleToPagesY * down
 End If
 If scale * 100 >= {MIN_SCALE} Then Exit Sub
 style.PageScale = 100
 If style.ScaleToPages + style.ScaleToPagesX + style.ScaleToPagesY > 0 Then isLeft = True
 Exit Sub
Failed:
 isLeft = True
End Sub

Sub Show(book, sheet)
 On Error GoTo Failed
 Dim alike, cells, number, was, taken, shown, protection
 alike = UsedCells(sheet).CellFormatRanges
 If alike.Count > {MAX_FORMATS} Then isLeft = True
 For number = 0 To alike.Count - 1
  If number >= {MAX_FORMATS} Then Exit For
  cells = alike.getByIndex(number)
  protection = cells.CellProtection
  If protection.IsPrintHidden Or protection.IsHidden Then
   protection.IsPrintHidden = False : protection.IsHidden = False
   cells.CellProtection = protection
   If cells.CellProtection.IsPrintHidden Then isLeft = True
  End If
  was = book.NumberFormats.getByKey(cells.NumberFormat)
  shown = Written(was.FormatString)
  If shown <> was.FormatString Then
   cells.NumberFormat = Numbered(book.NumberFormats, shown, was.Locale)
   taken = book.NumberFormats.getByKey(cells.NumberFormat)
   If taken.FormatString = was.FormatString Then isLeft = True
  End If
 Next
 Exit Sub
Failed:
 isLeft = True
End Sub

Function Numbered(formats, shown, locale)
 Numbered = formats.queryKey(shown, locale, False)
 If Numbered < 0 Then Numbered = formats.addNew(shown, locale)
End Function

Function Written(format As String) As String
 Dim parts, number, empty(3)
 Written = format
 parts = Split(format, ";")
 If UBound(parts) > 3 Or Trim(format) = "" Then Exit Function
 For number = 0 To UBound(parts)
  empty(number) = IsBlank(parts(number))
 Next
 ' A format that leaves out zeros alone hides nothing that somebody wrote.
 If empty(0) Then parts(0) = "General"
 If UBound(parts) > 0 Then If empty(1) Then parts(1) = "-General"
 If UBound(parts) > 1 Then If empty(2) And empty(0) Then parts(2) = "General"
 If UBound(parts) > 2 Then If empty(3) Then parts(3) = "@"
 Written = Join(parts, ";")
End Function

Function IsBlank(section) As Boolean
 Dim rest As String, closes
 rest = Replace(Replace(section, Chr(34), ""), " ", "")
 Do While Left(rest, 1) = "["
  closes = InStr(rest, "]")
  If closes = 0 Then Exit Do
  rest = Mid(rest, closes + 1)
 Loop
 IsBlank = (rest = "")
End Function

Sub Widen(sheet)
 On Error GoTo Failed
 Dim used, area, column, number, was
 used = UsedCells(sheet)
 area = used.RangeAddress
 number = (area.EndColumn - area.StartColumn + 1) * (area.EndRow - area.StartRow + 1)
 If number > {MAX_CELLS} Or used.Columns.Count > {MAX_COLUMNS} Then isLeft = True
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
 Heighten used.Rows
 Exit Sub
Failed:
 isLeft = True
End Sub

Sub Heighten(rows)
 Dim row, number, was
 If rows.Count > {MAX_ROWS} Then isLeft = True
 For number = 0 To rows.Count - 1
  If number >= {MAX_ROWS} Then Exit For
  row = rows.getByIndex(number)
  If row.IsVisible Then
   was = row.Height
   ' A row of a fixed height shows a part of a text that is wrapped in it.
   If was < {MIN_HEIGHT} Or Not row.OptimalHeight Then
    row.OptimalHeight = True
    If row.Height < was Then row.Height = was
    If row.Height < {MIN_HEIGHT} Then row.Height = {MIN_HEIGHT}
   End If
   If row.Height > {MANY_LINES} Then row.Height = row.Height + row.Height / 10
  End If
 Next
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
