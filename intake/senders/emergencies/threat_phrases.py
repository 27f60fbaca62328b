"""List what people write of somebody who is to be killed or abducted, is locked in or in danger.

It is said in the present or the future, of a person in the case. Phrases are written as `phrases`
reads them, in the form of `thoughts.plain`. `THREATS` and `LOCKED_IN` may be denied by a word
before them or in them («hotar inte att döda»); those of `NOT_LET_OUT` have a denial in them.
`LATELY` is of the past and counts with a word of today. A speaker of each language should still
read them.
"""

_SV_WHOM = (
    "henne|honom|mig|oss|dem|dom|barnen|barnet|dottern|sonen|modern|mamman|kvinnan|klienten"
    "|flickan|pojken|familjen|systern|brodern"
)
_NO_WHOM = "henne|hende|ham|han|meg|mig|oss|os|dem|barna|børnene|barnet|kvinnen|kvinden"
_EN_WHOM = (
    "her|him|me|us|them|children|child|kids|daughter|son|mother|sister|brother|client|woman|girl"
    "|boy|family|everyone|myself|herself|himself|themselves"
)
_DE_WHOM = "sie|ihn|mich|uns|kinder|tochter|sohn|frau"
_SV_KILL = "döda|mörda|dräpa|skjuta|knivhugga|strypa|kidnappa|enlevera|bortföra"
_EN_KILL = "kill|murder|shoot|stab|behead|strangle|abduct|kidnap"
_FI_KILL = "tappaa|murhata|surmata|siepata|kidnapata"
_UK_KILL = "вбити|убити|зарізати|викрасти"
_RU_KILL = "убить|зарезать|похитить|прикончить"

THREATS = (
    # Swedish
    f"hotar|hotas|hotande .. {_SV_KILL}|dödas|mördas|döden|ihjäl|livet|liv",
    f"ska|skall|kommer|tänker|vill|planerar|försöker .. {_SV_KILL} .. {_SV_WHOM}",
    f"ska|skall|kommer|tänker|vill|planerar|försöker .. slå|sparka .. {_SV_WHOM} .. ihjäl",
    f"dödar|mördar .. {_SV_WHOM}",
    f"ska|skall|kommer|tänker|vill|tar .. livet av .. {_SV_WHOM}",
    "ska|skall|kommer|tänker|vill|försöker .. ta sitt|mitt|sina liv",
    "ska|kommer|riskerar .. bli|blir|att dödad|dödade|mördad|mördade|dödas|mördas",
    "är|blir|känner .. hotad|hotade till livet",
    "lever|står under dödshot|mordhot",
    "får|utsätts .. dödshot|mordhot",
    "dödshotas|mordhotas|dödshotar|mordhotar",
    "är|svävar|befinner .. i fara|livsfara|dödsfara",
    "liv|livet är .. i fara|hotat",
    f"ska|skall|kommer|tänker|vill|planerar|försöker|hotar .. föra .. {_SV_WHOM} .. bort|landet",
    "är|hålls|blir .. kidnappad|kidnappade|bortförd|bortförda|bortrövad",
    # Norwegian, Danish
    "truer|trues .. drepe|dræbe|myrde|døden|livet|kidnappe|bortføre",
    f"skal|vil|kommer|planlegger|planlægger|prøver .. drepe|dræbe|myrde|kidnappe .. {_NO_WHOM}",
    f"dreper|dræber|myrder .. {_NO_WHOM}",
    "er|svever|svæver .. i fare|livsfare",
    "er|blir|bliver .. kidnappet|bortført",
    # English
    f"threatens|threatening .. {_EN_KILL}|death",
    f"threaten to {_EN_KILL}",
    f"will|he'll|she'll|they'll|gonna .. {_EN_KILL} .. {_EN_WHOM}",
    f"going|wants|want|plans|planning|intends|trying|coming|about to {_EN_KILL} .. {_EN_WHOM}",
    "will|going|gonna .. be|get killed|murdered|abducted|kidnapped",
    "is|are|am|i'm|she's|he's|we're|being threatened with death|murder",
    "receives|receive|receiving|gets|getting .. death threats",
    (
        "is|are|am|i'm|she's|he's|we're|they're .. in danger|great|grave|real|serious|immediate"
        "|mortal"
        " danger|now|tonight|here|today"
    ),
    "is|are|am|i'm|she's|he's|we're|they're in danger",
    "life|lives is|are .. in|under danger|threat",
    "is|are|being abducted|kidnapped",
    # German
    f"droht|drohen|bedroht .. {_DE_WHOM} .. umzubringen|töten|ermorden|entführen|tod|tode",
    "droht|drohen .. umzubringen|töten|ermorden|entführen|tod",
    f"will|wird|wollen|werden|plant .. {_DE_WHOM} .. umbringen|töten|ermorden|entführen",
    "ist|sind|bin|schwebt .. in gefahr|lebensgefahr",
    # Finnish
    f"aikoo|aikovat|haluaa|yrittää|yrittävät|meinaa|uhkaa|uhkaavat|uhkailee .. {_FI_KILL}",
    "uhkaa|uhkaavat|uhkailee .. tappavansa|murhaavansa|surmaavansa|sieppaavansa|tappamisella",
    "hän|he|mies|veli|isä|perhe|ne|suku tappaa|tappavat|murhaa .. hänet|minut|meidät|lapset",
    "saa|saavat .. tappouhkauksia",
    "on|olen|olemme|ovat .. vaarassa|hengenvaarassa",
    # Somali
    "dili|dilaan|dilayaan|dilayaa|dilaayaan doonaa|doonaan|rabaa|rabaan|doona",
    "inuu|inay|inuusan dilo|disho|dilaan|afduubo|afduubaan",
    "way|wuu|waa|i|la dilayaan|dilayaa|afduubayaan|afduubayaa",
    "khatar .. ku jirtaa|jiraa|jirnaa|jiraan|jirto",
    # French
    "menace|menacent .. tuer|assassiner|égorger|mort|enlever|kidnapper",
    "va|vont|veut|veulent .. tuer|assassiner|égorger|kidnapper|enlever",
    "est|suis|sont|sommes .. menacée|menacé|menacés|menacées de mort",
    "est|suis|sont|sommes en danger",
    "vie est .. en danger|menacée",
    # Spanish
    "amenaza|amenazan .. matar*|asesinar*|muerte|secuestrar*",
    "va|van|quiere|quieren .. matar*|asesinar*|secuestrar*",
    "está|están|estoy|estamos|corre|corren .. peligro",
    "vida está .. en peligro|amenazada",
    # Romanian
    "amenință|amenința .. omoare|omoară|omor|ucidă|moartea|răpească",
    "vrea|vor|va|intenționează .. omoare|ucidă|răpească|omorî|ucide|răpi",
    "este|e|sunt|suntem .. în pericol",
    "viața .. este|e în pericol",
    # Ukrainian
    f"погрожує|погрожують|загрожує|загрожують .. {_UK_KILL}|вбивством|викраденням|смертю|уб'є|вб'є",
    "вб'є|уб'є|вб'ють|уб'ють .. її|його|мене|нас|їх|дітей",
    "її|його|мене|нас|їх|дітей .. вб'є|уб'є|вб'ють|уб'ють",
    f"хоче|хочуть|збирається|збираються|планує|планують|намагається .. {_UK_KILL}",
    "вона|він|вони|я|ми|клієнтка .. в|у небезпеці",
    "життя .. в|у|під небезпеці|загрозою",
    # Russian
    f"угрожает|угрожают|грозит|грозится|грозят .. {_RU_KILL}|убийством|похищением|смертью",
    "угрожает|угрожают|грозит|грозится .. убьет|убьют",
    "убьёт|убьют|зарежет|похитят .. её|его|меня|нас|их|детей",
    "её|его|меня|нас|их|детей .. убьёт|убьют|зарежет|похитят",
    f"хочет|хотят|собирается|собираются|планирует|пытается|намерен .. {_RU_KILL}",
    "она|он|они|я|мы|клиентка .. в опасности",
    "жизнь .. в|под опасности|угрозой",
    # Arabic
    "يهدد*|تهدد* .. بالقتل|بقتلها|بقتله|بقتلي|بقتلنا|بقتلهم|بخطفها|بخطفه|بخطفي|بذبحها|بخطف",
    "سيقتلها|سيقتله|سيقتلني|سيقتلنا|سيقتلهم|سيقتلونها|سيقتلونه|سيقتلونني|سيقتلوننا|سيقتلوني",
    "سيخطفها|سيخطفونها|سيخطفني|سيخطفونني|سيذبحها|سيذبحونها",
    "يريد|يريدون|ينوي|ينوون|يحاول|يحاولون|راح .. قتلها|قتله|قتلي|قتلنا|خطفها|خطفي|يقتلها|يقتلوها",
    "هي|هو|انا|انها|انه|نحن|انني|حياتها|حياته|حياتي|حياتنا في خطر",
    # Persian and Dari
    "تهدید به قتل|مرگ|کشتن|ربودن می‌کند|می‌کنند|می‌کنه|می‌شود|شده",
    "به قتل|مرگ|کشتن|ربودن تهدید می‌کند|می‌کنند|می‌کنه|می‌شود|شده",
    "تهدید می‌کند|می‌کنند|می‌کنه .. می‌کشد|می‌کشند|بکشد|بکشند|می‌دزدند|بدزدند",
    "او|من|آنها|ما|مرا|بچه‌ها .. می‌کشد|می‌کشند|بکشد|بکشند|می‌کشه|بدزدند|می‌دزدند",
    "او|من|آنها|ما .. را خواهد|خواهند کشت|ربود|دزدید",
    "او|من|ما|آنها|جانش|جانم|جان او|من|ما .. در خطر است|هستم|هستیم|هستند",
    "جانش|جانم|جانشان .. در خطر است",
    # Sorani
    "هەڕەشەی کوشتن|کوشتنی|ڕفاندن|ڕفاندنی",
    "دەیکوژن|دەیکوژێت|دەیانکوژن|دەمکوژن|دەمکوژێت|دەمانکوژن",
    "دەیەوێت|دەیانەوێت .. بیکوژێت|بیکوژن|بمکوژن|بمکوژێت|بیڕفێنن|بیڕفێنێت|بمڕفێنن",
    "دەیڕفێنن|دەیڕفێنێت|دەمڕفێنن",
    "لە مەترسیدایە|مەترسیدام|مەترسیداین|مەترسیدان",
    # Tigrinya, Amharic
    "ክቐትላ|ክቐትልዋ|ክቐትሎ|ክቐትልዎ|ክቐትለኒ|ክቐትሉኒ|ክቐትሉና|ክቐትሉዋ",
    "ክጨውያ|ክጨውይዋ|ክጨውዩኒ|ክጨውየኒ",
    "ብሞት የፈራርሓ|የፈራርሕዋ|የፈራርሓኒ|የፈራርሑኒ",
    "ኣብ ሓደጋ ኣላ|ኣሎ|ኣለኹ|ኣለና|ኣለዉ|ትርከብ",
    "ሊገድላት|ሊገድሏት|ሊገድለው|ሊገድሉት|ሊገድለኝ|ሊገድሉኝ|ሊገድሉን",
    "ሊጠልፋት|ሊጠልፏት|ሊጠልፉኝ",
    "በሞት ያስፈራራታል|ያስፈራሯታል|እያስፈራራት|ያስፈራራኛል",
    "አደጋ ላይ ነች|ናት|ነው|ነኝ|ነን|ናቸው",
    # Urdu
    "مارنے|مار|قتل .. دھمکی|دھمکیاں .. دے|دیتا|مل",
    "اسے|مجھے|ہمیں|انہیں .. مار|قتل ڈالے|ڈالیں|دے|دیں|کر",
    "جان خطرے میں ہے",
    # Thai
    "ขู่ฆ่า", "ขู่จะฆ่า", "ขู่ว่าจะฆ่า", "จะฆ่าเธอ", "จะฆ่าเขา", "จะฆ่าฉัน", "จะฆ่าหนู", "จะฆ่าเรา",
    "จะฆ่าลูก", "จะลักพาตัว", "อยู่ในอันตราย",
)  # fmt: skip
LOCKED_IN = (
    # Swedish
    "är|sitter|hålls|blir .. inlåst|inlåsta|instängd|instängda|inspärrad|inspärrade|fången",
    f"håller|stänger|låser|spärrar {_SV_WHOM} .. inlåst|inlåsta|instängd|instängda|inne|in|fången",
    f"låser|spärrar|stänger in {_SV_WHOM}",
    # Norwegian, Danish
    "er|sitter|sidder|holdes .. innelåst|innesperret|indespærret|indelåst|fanget|fange",
    f"låser|holder|sperrer {_NO_WHOM} .. inne|inde|innesperret|indespærret|fanget",
    # English
    "is|are|am|i'm|she's|he's|we're|they're|kept|remains .. locked in|inside|up|indoors",
    f"locks|keeps|keep|keeping|holds|hold|holding {_EN_WHOM} .. locked|captive|prisoner|hostage",
    f"locks|keeps|keep|keeping {_EN_WHOM} .. inside",
    f"lock|locks|locking {_EN_WHOM} in|up",
    (
        "is|are|am|i'm|she's|he's|we're|they're|being .. held|kept captive|prisoner|hostage|locked"
        "|against"
    ),
    # German
    "ist|wird|sind|bin .. eingesperrt|eingeschlossen|gefangen",
    f"hält|sperrt|halten|sperren {_DE_WHOM} .. gefangen|fest|ein|eingesperrt",
    # Finnish
    "on|olen|olemme|ovat .. lukittuna|lukittu|vankina|teljetty|panttivankina",
    "pitää|pitävät häntä|minua|heitä|meitä .. vankina|lukittuna",
    # Somali
    "ku xiran|xidhan tahay|yahay|yihiin|ahay|nahay",
    "lagu|ku hayaa|haystaa|haysta xoog|qafaal|afduub",
    # French
    "est|suis|sont|sommes .. enfermée|enfermé|enfermées|enfermés|séquestrée|séquestré",
    "la|le|me|les|nous enferme|enferment|séquestre|séquestrent",
    # Spanish
    "está|estoy|están|estamos|sigue|siguen .. encerrad*|secuestrad*|retenid*|cautiv*",
    "la|lo|me|nos|los|las tiene|tienen .. encerrad*|secuestrad*|retenid*|cautiv*",
    "la|lo|me|nos|los|las encierra|encierran",
    # Romanian
    "este|e|sunt|suntem|stă .. închis*|încuiat*|sechestrat*",
    "o|mă|îl|îi|ne|le ține|țin .. închis*|încuiat*|sechestrat*",
    # Ukrainian
    "її|його|мене|нас|їх тримають|тримає .. замкнен*|взаперті|замком|силою|насильно|зачинен*",
    "вона|він|вони|я|ми|клієнтка замкнена|замкнений|замкнені|зачинена|зачинені|під",
    # Russian
    "её|его|меня|нас|их держат|держит .. взаперти|замком|силой|насильно|запертой|заложни*",
    "держат|держит её|его|меня|нас|их .. взаперти|замком|силой|насильно|запертой|заложни*",
    "она|он|они|я|мы|клиентка .. заперта|заперт|заперты|взаперти",
    # Arabic
    "محبوسة|محبوس|محتجزة|محتجز|محبوسين|محتجزين في البيت|المنزل|الشقة|بيت|شقة|غرفة|الغرفة|منزل",
    "يحبسها|يحبسونها|يحبسني|يحبسونني|يحبسنا|يحتجزها|يحتجزونها|يحتجزني|يحتجزونني|يحتجزه",
    "هي|هو|انا|انها|انه|انني|زالت|زال .. محبوسة|محبوس|محتجزة|محتجز|مخطوفة|مخطوف",
    # Persian and Dari
    "در خانه|اتاق|آپارتمان|زیرزمین .. زندانی|حبس است|هستم|هستیم|شده|کرده",
    "او|من|ما|مرا|آنها .. زندانی|حبس است|هستم|هستیم|شده|کرده",
    # Sorani
    "زیندانی|بەند|حەپس کراوە|کراوم|کراون|کراوین",
    # Tigrinya, Amharic
    "ተዓጽያ|ተዓጽዩ|ተኣሲራ|ተኣሲሩ|ተዓጽየ ኣላ|ኣሎ|ኣለኹ|ኣለና",
    "ዓጽዮምዋ|ዓጽይዋ|ዓጽዮምኒ ኣለዉ|ኣሎ",
    "ተቆልፎባታል|ተቆልፎብኛል|ተቆልፎበታል|ተዘግቶባታል",
    # Urdu
    "قید|بند کر .. رکھا|رکھی ہے|ہوا",
    # Thai
    "ถูกขัง", "ขังเธอ", "ขังฉัน", "ขังหนู", "ขังเขาไว้",
)  # fmt: skip
NOT_LET_OUT = (
    f"släpper inte|aldrig .. ut {_SV_WHOM}",
    f"släpper inte|aldrig {_SV_WHOM} .. ut",
    "får inte|aldrig|ej .. gå ut",
    "får inte|aldrig|ej .. lämna lägenheten|huset|bostaden|rummet|hemmet",
    f"slipper|lukker ikke|aldri|aldrig .. {_NO_WHOM} .. ut|ud",
    "får ikke|aldri|aldrig .. gå|forlate|forlade ut|ud|huset|leiligheten|lejligheden",
    f"won't|doesn't|don't|not let|letting|allow {_EN_WHOM} .. out|leave|outside",
    "is|are|am|i'm not allowed|permitted to leave the|her|his|their|this house|flat|apartment|room",
    "is|are|am|i'm not allowed|permitted to go out|outside",
    f"lässt|lassen {_DE_WHOM} nicht .. raus|hinaus|gehen|weg",
    "darf|dürfen .. wohnung|haus|zimmer nicht verlassen",
    "ei|eivät päästä|anna .. ulos|lähteä",
    "ne la|le|me|les|nous laisse|laissent .. pas .. sortir",
    "no la|lo|me|nos|los|las deja|dejan .. salir",
    "nu o|mă|îl|îi|ne lasă .. să iasă|ies|plece|ieșim",
    "її|його|мене|нас|їх .. не випускають|випускає",
    "не випускають|випускає її|його|мене|нас|їх",
    "её|его|меня|нас|их .. не выпускают|выпускает",
    "не выпускают|выпускает её|его|меня|нас|их",
    "لا|ما يسمح|يسمحون لها|له|لي|لنا|لهم .. بالخروج",
    "لا|ما يدعها|يدعونها|يتركها|يتركونها .. تخرج",
    "اجازه نمی‌دهند|نمی‌دهد|نمی‌دن .. بیرون|خارج",
    "نمی‌گذارند|نمی‌گذارد|نمی‌ذارن .. بیرون|خارج",
    "ناهێڵن|ناهێڵێت .. دەرەوە|دەرچێت|بچێتە",
    "ክትወጽእ|ክወጽእ ኣይፈቅዱላን|ኣይፈቅደላን|ኣይፈቅዱለይን",
    "ma u|ii|loo oggola|oggolaan|ogola .. baxdo|baxo|bannaanka|dibadda",
    "باہر نہیں جانے|نکلنے دیتے|دیتا|دے",
)
LATELY = (
    f"hotade|hotat|hotats|försökte|försökt .. {_SV_KILL}|livet|liv|ihjäl",
    "blev|blivit|har .. kidnappad|kidnappade|bortförd|bortförda|inlåst|inlåsta|dödshotad|mordhotad",
    "har|fick|fått .. dödshot|mordhot",
    f"threatened|tried .. {_EN_KILL}|death",
    "was|were|has|have|been .. abducted|kidnapped",
    "drohte|drohten|versuchte .. umzubringen|töten|ermorden|entführen",
    "uhkasi|uhkasivat|yritti|yrittivät .. tappaa|tappavansa|siepata|murhata",
    "a|ont menacé|essayé .. tuer|mort|enlever",
    "amenazó|amenazaron|intentó|intentaron .. matar*|muerte|secuestrar*",
    "a|au amenințat|încercat .. omoare|moartea|ucidă|răpească",
    f"погрожував|погрожували|намагався .. {_UK_KILL}|вбивством|смертю",
    f"угрожал|угрожали|пытался|пытались .. {_RU_KILL}|убийством|смертью",
    "هددها|هددني|هددوها|هددوني|هدده .. بالقتل|بقتلها|بقتلي|بقتله",
    "تهدید به قتل|مرگ کرد|کردند",
    "به قتل|مرگ تهدید کرد|کردند",
)  # fmt: skip
