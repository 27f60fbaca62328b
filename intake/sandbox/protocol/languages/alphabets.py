"""Know the letters and signs that languages are written with, the commonest ones first.

What is counted is what people of these programmes write in, and wrote in before UTF-8.
"""

WEST = "åäöéèüßàçñøæêóáíúôîëïâãõœ"
# Of each language apart: put together, their letters would fit nearly everything.
POLISH, CZECH = "ąćęłńóśźż", "áčďéěíňóřšťúůýžäôĺľŕ"
ROMANIAN, HUNGARIAN, CROATIAN = "ăâîşţșț", "áéíóöőúüű", "čćžšđ"
TURKISH = "ığşçöüâî"
LITHUANIAN, LATVIAN, ESTONIAN = "ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"
VIETNAMESE = "ăâđêôơưàèìòùáéíóúý"
EVERY_LATIN = frozenset(
    WEST + POLISH + CZECH + ROMANIAN + HUNGARIAN + CROATIAN + TURKISH + LITHUANIAN + LATVIAN
    + ESTONIAN + VIETNAMESE + "ìòùýþðÿ"
)  # fmt: skip
# From the commonest letter on: two alphabets of one script differ in what stands where.
CYRILLIC = "оаеинтсрвлкмдпуяіыьзгбчйюхжцшїєщґэфъђјљњћџѓќёў"
ARABIC = "الينمرتوبعدسفهكحقةأجشصخطىضذءثئإغظزؤآپچژگکیھہےںٹڈڑېۍ"
GREEK = "αοιετσνηυρπκμλωςδγθχφβξζψάέήίόύώ"
HEBREW = "יוהלאמרבשתנםעקדחצפכטגזסןךףץ"
THAI = (
    "านรอก่เง้มยล\u0e31ว\u0e35ดท\u0e34สตะปบค\u0e37หแจพ\u0e4cชข\u0e38ใไ\u0e39โผ\u0e47ถซ"
    "\u0e36ำธณศภญษฟ\u0e4aฉฐฝฎฮ"
)
# Letters of Hebrew and Greek that stand at the end of a word alone.
LAST_LETTERS = frozenset("םןךףץς")
# Those in whose place these stand there.
NEVER_LAST = frozenset("מנכצσ")
RANKED = frozenset({CYRILLIC, ARABIC, GREEK, HEBREW, THAI})

# The commonest characters of Chinese, in both forms, and syllables of Korean.
COMMON_SIGNS = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家"
    "种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机"
    "民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身请谢您"
    "這個們來為國說時會對於過發後裡經學現當沒動還進樣開從實軍無與長機業關將兩間問應戰頭體見產請謝電話號碼件證"
    "证件文护照电话号码地址附"
    "이다는에을의가고하지를도로은한서사인기대자나어리해시그일아정스수원안"
    "日本年人大会国者事一中出上生前立業自間行東書送"
)
FULL_WIDTH = frozenset("，。、？！：；（）《》「」『』・～ー　")

# Of each alphabet the commonest pairs of letters: the first one, and those that stand behind it.
# They tell alphabets apart whose letters are equally common, as Hebrew and Greek read as Cyrillic.
_FOLLOWERS = {
    CYRILLIC: (
        "неаионятыдуі енрткдлсмжвзп антлвзрймкдспчбц стиекпялоау раеоиу ваиеоін пореаиу "
        "каоилтурс таоиерьвнус оврдлстмбгнкпжзчй даеоилн занвом меаои истмзянклревйч "
        "лиоеаьян чеиан жеи гор фа ци йл ідв увстм балореу ят ши ще "
    ),
    ARABIC: (
        "النیرمتسدزبفخهشع ستايمیل ندایموهتشيگس راودیيةنسهض لمايتوفألیبنعحقىإسه يةرمانل "
        "ماویهلسنعيتةجح داهرویني ونرادیليمجس بارهي هاو یارندیشکست توانريیعبصحخ فيارت "
        "صوف جما پریا حاد خطات شادتوک قا علنرمد کارن ذا طا زی غي كا گرا "
    ),
    GREEK: (
        "τοαηιεήράωόυ ουςμνριπύλγσί στηευμια ναοτεωιη ειίνρτπσλγκςυδ ποραιεόλ ικασομλ "
        "αντιρπκλσςμφγδ μαεέοηιπήόμ ροιαχεγάίέη δειου ηςσμντ καοόετάλρή χερ ένγςτχ ίανοσ ωνσ "
        "λοελαήηιά υνπρστμ γριήκοα ήςσ όνςμ άλνσ ών θε φαά ύν "
    ),
    HEBREW: (
        "יתםוינקלמהרשןדאטסבפ ניתהוגדט ותרנבלדןיגומאסקפחשם ליאהומטשקתב שליומתר "
        "מויסקהתעאנשךרלדח קויהשברנ ריופהתכשמבאט איותרנלמהפ פוירתס ביולרץהעת תיומקחן דיור טיו "
        "הרמותיאשצקפ גוירל סימופט כותינ ציוב ערילם חיבודל "
    ),
    THAI: (
        "ารมยนงดกตเ ม\u0e48า\u0e35\u0e39 องรกมนย\u0e31าบผ ไมดป \u0e31นบง\u0e49วกด "
        "กาเจร\u0e34\u0e31ตำ \u0e48อาสงมนวไ \u0e49อมางนว \u0e35\u0e48ย \u0e34ดนก เกปลรซมขอ "
        "ท\u0e35 ว\u0e31านเ ร\u0e4c\u0e31ะาถ\u0e35\u0e34อ\u0e37\u0e39\u0e38รก \u0e37\u0e48อ "
        "ข\u0e49อ แฟพล ฟ\u0e49 สาำม ต\u0e31\u0e34\u0e49\u0e4c\u0e48ร ลา\u0e31\u0e34\u0e37ะ "
        "ด\u0e49ขเพ ใชนห พกลร\u0e34 หรนมล ช\u0e37\u0e49น ปร\u0e47ล ควร\u0e48 งกแเร ำห ภา "
        "นตแเ\u0e35ดทาส\u0e34 บรบ \u0e39ลก\u0e48 ผ\u0e34 \u0e47น จะ ยนกา \u0e38\u0e48 ะเ "
    ),
}
PAIRS_OF = {
    letters: frozenset(f"{group[0]}{after}" for group in groups.split() for after in group[1:])
    for letters, groups in _FOLLOWERS.items()
}
