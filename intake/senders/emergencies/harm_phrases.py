"""List what people write of somebody who wants to die, is hurt, sought after or without a roof.

It is read as `threat_phrases` is. `OF_NOW` may be denied by a word before it or in it;
`TIRED_OF_LIFE` has a denial in it. `JUST_NOW` says itself that it was hardly a day ago. `SOON` is
what comes to many in time, and counts with a word of now or tomorrow. A speaker of each language
should still read them.
"""

# Those from whom people flee: who else looks for somebody is a colleague.
_SV_MAN = (
    "mannen|man|maken|make|exmannen|exmake|exman|förövaren|förövare|gärningsmannen|hallicken"
    "|pojkvännen|människohandlaren|människohandlarna|ligan|bröderna"
)
_SV_HOME = "boendet|lägenheten|fönstret|bostaden|skyddsboendet"
_NO_MAN = "mannen|manden|eksmannen|eksmanden|halliken|kjæresten|kæresten|brødrene"
_EN_MAN = (
    "husband|ex|abuser|perpetrator|trafficker|traffickers|pimp|pimps|boyfriend|brothers|gang"
    "|attacker"
)
_DE_MAN = "mann|ehemann|exmann|zuhälter|täter|freund|brüder|menschenhändler"
_UK_MAN = "чоловік|сутенер|торговці|брати|кривдник"
_RU_MAN = "муж|сутенёр|торговцы|братья|насильник"
_SV_WILL = "ska|skall|vill|tänker|kommer|planerar|hotar|försöker"
_EN_WILL = "wants|want|going|plans|threatens|threatening|intends"

_WANTS_TO_DIE = (
    f"{_SV_WILL} .. ta livet av sig|mig|oss", f"{_SV_WILL} .. begå självmord",
    "hotar|hotat .. med självmord", "är|känner .. suicidal|självmordsbenägen", "vill|önskar .. dö",
    "har|uttrycker|beskriver självmordstankar|självmordsplaner|suicidtankar|suicidplaner",
    (
        "har|uttrycker akuta|konkreta|allvarliga|starka|aktiva|tydliga"
        " självmordstankar|självmordsplaner|suicidtankar|suicidplaner"
    ),
    "vil|skal|truer|tenker|tænker .. ta|tage livet af|av seg|sig|meg|mig", "vil|ønsker .. dø",
    f"{_EN_WILL} .. end her|his|their|my life|lives", f"{_EN_WILL} .. commit suicide",
    f"{_EN_WILL} .. take her|his|their|my own life|lives", "wants|want to die",
    "is|am|are|i'm|she's|he's|feels|feel .. suicidal",
    "has|have|having|reports|expresses|expressing .. suicidal thoughts|ideation|intent|plans",
    "will|droht|plant .. sich|mich umzubringen|umbringen|töten", "will|möchte sterben",
    "sich|mir das leben nehmen", "ist|bin .. suizidal|selbstmordgefährdet",
    "aikoo|haluaa|haluan|uhkaa|suunnittelee|meinaa .. itsemurhan", "haluaa|haluan kuolla",
    "on|olen itsetuhoinen|itsemurhavaarassa", "veut|veux|va|menace .. se|me suicider",
    "veut|veux mourir", "mettre fin à ses|mes jours",
    "quiere|quiero|va|voy|amenaza .. suicidarse|suicidarme|suicidar|morir|morirse|morirme",
    "quiere|quiero|va|voy|amenaza .. quitarse|quitarme la vida",
    "vrea|vreau|va|amenință .. sinucidă|sinucid|sinucide|moară", "și|îmi ia|iau viața",
    "хоче|хочу|збирається|планує|погрожує .. накласти|покінчити .. себе|собою|життям|самогубством",
    "хоче|хочу|хочет померти|умереть",
    "хочет|хочу|собирается|планирует|грозит .. покончить .. собой|жизнью|самоубийством",
    "хочет|хочу|собирается|грозит наложить на себя",
    "تريد|يريد|اريد|تنوي|تفكر|يفكر|افكر|تهدد|يهدد .. تنتحر|ينتحر|انتحر|الانتحار|بالانتحار",
    "ستنتحر|سينتحر|سانتحر", "تقتل|يقتل|ستقتل|سيقتل|ساقتل نفسها|نفسه|نفسي",
    "می‌خواهد|می‌خواهم|قصد .. خودکشی|بمیرد|بمیرم", "خودکشی می‌کند|می‌کنم|می‌کنه|خواهد",
    "خودش|خودم را می‌کشد|می‌کشم|بکشد|بکشم", "خۆی|خۆم دەکوژێت|دەکوژم|بکوژێت|بکوژم",
    "isdili|isdilo|isdilayaa|isdilaysaa doontaa|doonaa|rabtaa|rabaa",
    "inay|inuu|inaan is dilo|disho",
    "ርእሳ|ርእሱ|ርእሰይ|ነብሳ|ነብሱ|ነብሰይ ክትቀትል|ክቐትል|ክቕትል|ከጥፍእ|ከተጥፍእ",
    "ራሷን|ራሱን|ራሴን ልታጠፋ|ሊያጠፋ|ላጠፋ|ማጥፋት|ልትገድል|ሊገድል",
    "chce|chcę|zamierza|grozi|planuje .. samobójstwo|samobójstwem", "chce|chcę umrzeć",
    "chce|chcę|zamierza|grozi .. się zabić|zabije", "خودکشی کرنا|کرنے|کر چاہتی|چاہتا|والی|والا|لوں",
    "อยากฆ่าตัวตาย", "จะฆ่าตัวตาย", "คิดฆ่าตัวตาย", "อยากตาย",
)  # fmt: skip
TIRED_OF_LIFE = (
    "vill|orkar inte|ej .. leva längre|mer|vidare", "vil|orker ikke leve lenger|længere|mer|mere",
    "not|don't|doesn't want to live anymore|any|longer", "will|möchte nicht mehr leben",
    "ei|en halua|jaksa .. enää elää", "veut|veux plus vivre", "no quiere|quiero seguir viviendo",
    "nu mai vrea|vreau .. trăiască|trăiesc", "не хоче|хочу більше жити",
    "не хочет|хочу больше жить",
    "لا تريد|يريد|اريد .. تعيش|يعيش|اعيش", "nie chce|chcę już żyć", "ไม่อยากมีชีวิตอยู่",
)  # fmt: skip
_SOUGHT = (
    f"{_SV_MAN}|han|de|dom|någon står|bankar utanför .. dörren|porten|huset|{_SV_HOME}",
    f"{_SV_MAN} .. utanför nu|dörren|porten|huset|{_SV_HOME}",
    f"{_SV_MAN}|han|de|dom|någon .. bankar på dörren",
    f"{_SV_MAN} har .. hittat|spårat .. henne|honom|oss|mig|adressen|skyddsboendet|gömstället",
    f"{_SV_MAN}|de|dom|han .. letar|jagar|spanar efter henne|honom|oss|mig|dem",
    f"{_NO_MAN}|han|de står|venter|banker .. utenfor|udenfor|på døra|døren|huset",
    f"{_NO_MAN}|de|han .. leter|leder|jakter|jagter etter|efter henne|hende|ham|oss|os|meg|mig",
    f"{_EN_MAN}|he|they|someone .. outside|at her|his|my|our|the .. door|gate|window",
    f"{_EN_MAN} .. outside .. house|flat|apartment|shelter|building|now",
    f"{_EN_MAN} .. turned|turns|showed|shows|shown up",
    f"{_EN_MAN}|they|he .. looking|searching|hunting for her|him|me|us|them",
    f"{_EN_MAN} .. found|traced|tracked .. her|him|me|us|shelter|address",
    f"{_DE_MAN}|er steht|wartet|ist vor der|ihrer|meiner|unserer|dem tür|haustür|wohnung|haus",
    f"{_DE_MAN} .. sucht|suchen sie|ihn|mich|uns",
    f"{_DE_MAN} .. sucht|suchen nach ihr|ihm|mir|uns",
    "mies|veljet|parittaja|hän .. oven takana", "mies|veljet|parittaja .. ovella|ulkona",
    "mies|parittaja|veljet etsii|etsivät häntä|minua|heitä|meitä",
    "mari|homme|proxénète|il est|attend .. devant|derrière la|sa|ma|notre porte",
    "mari|proxénète|proxénètes|trafiquants la|le|me|nous cherche|cherchent",
    "marido|ex|proxeneta .. en|frente|ante .. la|su|mi puerta",
    "marido|ex|proxeneta|tratantes la|lo|me|nos busca|buscan",
    "soțul|proxenetul|el .. la|în ușă|ușa|poartă|poarta",
    "soțul|bărbatul|proxenetul|traficanții|frații o|îl|mă|ne caută",
    "soțul|proxenetul|traficanții .. găsit|aflat .. adresa|adresei|adăpostul|adăpostului",
    f"{_UK_MAN}|він|вони .. стоїть|стоять|стукає|ломиться .. під|за|у дверима|двері|вікном|домом",
    f"{_UK_MAN}|вони .. шукає|шукають її|його|мене|нас",
    f"{_RU_MAN}|он|они .. стоит|стоят|стучит|ломится .. под|за|в дверью|дверь|окном|подъездом",
    f"{_RU_MAN}|они .. ищет|ищут её|его|меня|нас",
    "زوجها|زوجي|الرجل|هو|هم .. امام|عند|خلف|وراء|على الباب|باب|بيتها|بيتي",
    "زوجها|زوجي|اخوتها|المهرب|المهربون|اهلها .. يبحث|يبحثون عنها|عنه|عني",
    "معه|معهم|بيده|يحمل سكين|سكينا|مسدس|مسدسا|سلاح|سلاحا",
    "شوهرش|شوهرم|برادرش|او|آنها .. پشت|جلوی در", "شوهرش|شوهرم|برادرش .. دنبالش|دنبالم",
    "mąż|on|oni|alfons .. stoi|stoją .. pod|za drzwiami|oknem|domem",
    "mąż|alfons|handlarze|oni jej|mnie|go|nas szuka|szukają",
    "mąż|alfons|handlarze|oni szuka|szukają jej|mnie|go|nas",
    "อยู่หน้าบ้าน", "อยู่หน้าประตู", "ตามหาเธออยู่", "กำลังตามหาเธอ", "ตามล่าเธอ",
)  # fmt: skip
_IN_POLISH = (
    "grozi|grożą .. zabije|zabiją|śmiercią|zabójstwem|zabiciem|porwaniem|zabić|porwać",
    "chce|chcą|zamierza|próbuje .. zabić|porwać|zamordować",
    "jest|jestem|są|jesteśmy w .. niebezpieczeństwie", "życie .. w niebezpieczeństwie",
    "jest|jestem|są .. zamknięta|zamknięty|więziona|więziony|przetrzymywana",
)  # fmt: skip
_HURT = (
    "blöder .. kraftigt|mycket|fortfarande|ymnigt|rikligt", "blør .. kraftig|kraftigt|fortsatt",
    "is|are|am|still|she's|he's|i'm bleeding", "vuotaa verta|runsaasti", "blutet .. stark|noch",
    "saigne .. beaucoup|encore|abondamment", "está|estoy sangrando", "sângerează", "стікає кров'ю",
    "истекает кровью", "تنزف|ينزف|انزف", "خونریزی دارد|دارم|می‌کند|شدید", "krwawi|krwawię",
    "เลือดออกมาก", "เลือดไหล",
    "sover|sovit .. på|i|under gatan|centralstationen|centralen|parken|bilen|bron|trappuppgången",
    "bor på gatan", "bor i bilen", "sover|sovit ute|utomhus", "sleeps|sleeping|sleep|slept rough",
    "sleeps|sleeping|sleep|slept on|in|at the|a|her|his street|streets|car|park|station|stairwell",
    "schläft|übernachtet auf|am|im der|bahnhof|straße|park|auto", "schläft|übernachtet draußen",
    "nukkuu ulkona|kadulla|autossa|asemalla", "dort|dorment|dors dans|à la|une|sa rue|gare|voiture",
    "duerme|duermen|duermo en la|el|un|su calle|estación|coche|parque",
    "doarme|dorm pe|în stradă|gară",
    "спить|сплю|ночує|ночують на вулиці|вокзалі", "спит|сплю|ночует|ночуют на улице|вокзале",
    "تنام|ينام|ننام|انام في الشارع|الحديقة|المحطة|السيارة", "śpi|śpią na ulicy|dworcu",
)  # fmt: skip
OF_NOW = (*_WANTS_TO_DIE, *_SOUGHT, *_IN_POLISH, *_HURT)
# What was done, and in the same language when.
_DONE = (
    (
        (
            "misshandlad|slagen|våldtagen|knivhuggen|skjuten|överfallen|misshandlades|våldtogs"
            "|misshandlade|våldtog|slog|slagit|misshandlat|våldtagit|rymde|rymt|flydde|flytt"
        ),
        ("i natt|morse|går|kväll", "inatt|imorse|igår|ikväll|nyss"),
    ),
    (
        "mishandlet|banket|voldtatt|voldtaget|slått|slået|rømte|flyktet|flygtede",
        ("i natt|går|morges|kveld|aftes|nat",),
    ),
    (
        "beaten|raped|stabbed|attacked|assaulted|strangled|escaped|fled",
        ("last night", "this morning|evening", "yesterday|tonight|today"),
    ),
    (
        "geschlagen|verprügelt|vergewaltigt|angegriffen|misshandelt|gewürgt|geflohen|entkommen|floh",
        ("letzte nacht", "heute nacht|früh|morgen", "gestern"),
    ),
    (
        "pahoinpideltiin|raiskattiin|puukotettiin|hakattiin|pakeni|karkasi",
        ("viime yönä", "eilen|tänään"),
    ),
    (
        "battue|frappée|violée|agressée|poignardée|battu|frappé|enfuie|échappée|enfui|échappé",
        ("cette nuit", "ce matin|soir", "hier"),
    ),
    (
        "golpeada|violada|agredida|apuñalada|golpeó|golpearon|violó|violaron|escapó|huyó",
        ("anoche|ayer", "esta mañana|noche|madrugada"),
    ),
    (
        "bătută|bătut|violată|lovită|înjunghiată|agresată|fugit|scăpat",
        ("azi noapte", "aseară|ieri", "azi dimineață"),
    ),
    ("побив|побили|зґвалтував|зґвалтували|побита|втекла|втік|втекли", ("вчора|вночі|сьогодні",)),
    (
        "избил|избили|изнасиловал|изнасиловали|избита|сбежала|сбежал|убежала|убежал",
        ("вчера|ночью|сегодня",),
    ),
    ("ضربها|ضربني|ضربوها|اغتصبها|اغتصبني|اغتصبوها|طعنها|هربت|هربنا", ("البارحة|امس|اليوم|الليلة",)),
    ("pobił|pobili|zgwałcił|zgwałcili|pobita|uciekła|uciekł", ("wczoraj|dziś|dzisiaj|nocy",)),
)  # fmt: skip
JUST_NOW = tuple(
    phrase
    for done, times in _DONE
    for when in times
    for phrase in (f"{done} .. {when}", f"{when} .. {done}")
)
SOON = (
    "blir|bli .. vräkt|vräkta|utkastad|utslängd|hemlös|hemlösa|bostadslös", "vräks|avhyses",
    "kastas|slängs ut från|ur",
    "ingenstans att sova|bo|gå", "ingenstans att ta vägen", "is|are|gets|getting|be|being evicted",
    "will|going .. be homeless", "nowhere to sleep|go|stay|live",
    "wird|werden .. zwangsgeräumt|obdachlos|rausgeworfen", "häädetään", "jää|jäävät .. kadulle",
    "sera|seront|est|sont à la rue", "nulle part où dormir|aller|vivre",
    "desalojan|desalojada|desahuciada|desalojados", "no .. dónde dormir|ir|quedarse",
    "evacuată|evacuat|evacuați|evacuează", "unde .. doarmă|dormim|dorm",
    "виселяють|виселять|виганяють", "ніде ночувати|спати|жити", "нікуди йти|піти",
    "выселяют|выселят|выгоняют", "негде ночевать|спать|жить", "некуда идти|пойти",
    "سيطردون|سيطردونها|ستطرد|يطردونها|سيطردوننا", "eksmitują",
    "wyrzucą|wyrzucają ją|go|mnie|nas|ich|rodzinę",
    "gdzie spać|przenocować|nocować",
)  # fmt: skip
