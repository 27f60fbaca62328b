"""List what people write who are sold, locked in, forced or in danger now, by language.

Phrases are written as `emergencies.phrases` reads them. Accents, letter forms and case are those of
`misdirected.plain`, so each phrase may be written as its language writes it. Arabic, Persian,
Sorani, Tigrinya, Somali, Romanian, Russian, Thai and Spanish phrases only serve the search, and
nothing is answered with them; a speaker of each should still read them.
"""

# One of these is enough for a protection task, unless a list sent the mail to many.
STRONG = (
    # English
    "sell|sells|sold|selling me|us to|for|again",
    "i|i'm|im|we .. locked in|inside|up|indoors",
    "lock|locks|locked me|us in|inside|up",
    "keep|keeps|kept me|us locked|captive|prisoner",
    "hold|holds|held|holding me|us captive|prisoner|hostage|locked",
    "i|i'm|im|we .. held captive|prisoner|hostage",
    "i|i'm|im|we .. victim|victims|survivor of trafficking",
    "force|forces|forced|forcing|make|makes|made me|us .. sex|prostitut*",
    "i|i'm|im|we .. forced .. sex|prostitut*",
    "i|i'm|im|we .. not allowed to go out|outside",
    "i|i'm|im|we .. not allowed to leave the|this|his|their house|flat|apartment|room|hotel",
    "let|lets me|us never|not out",
    "won't|dont|don't|doesn't|not let me|us out|outside|leave",
    "treat|treats|treated me|us like|as a slave|slaves",
    # Swedish
    "sålde|säljer|sålt mig|oss till|för|vidare",
    "låser|låste|låst|stänger|stängde|stängt in mig|oss",
    "låser|låste|låst mig|oss inne|in",
    "håller|höll|hållit mig|oss inlåst|inlåsta|instängd|instängda|fången|fångna",
    "jag|vi .. inlåst|inlåsta|instängd|instängda",
    "jag|vi .. offer för människohandel|trafficking",
    "jag|vi .. utsatt|utsatta|utsatts|utsätts för människohandel|trafficking",
    "tvingar|tvingade|tvingat mig|oss .. sex|prostituera|prostitution|kroppen",
    "jag|vi tvingas|tvingades|tvingats .. sex|prostituera|prostitution|kroppen",
    "jag|vi får|fick aldrig|inte gå ut",
    "jag|vi får|fick aldrig|inte lämna lägenheten|huset|rummet",
    "släpper|släppte inte ut mig|oss",
    # Arabic
    "يبيعونني|يبيعوني|باعوني|بايعيني",
    "حبسوني|حبسونا|حبسني|يحبسوني|يحبسونني|يحبسني|حابسيني|حابسني",
    "انا محبوس*",
    "احتجزوني|احتجزني|يحتجزوني|يحتجزونني|يحتجزني|محتجزيني",
    "يجبرونني|يجبروني|يجبرني|اجبروني|اجبرني .. الدعارة|الجنس|البغاء|ممارسة",
    "انا ضحية .. اتجار|الاتجار|للاتجار",
    "لا|ما|لم يسمح|يسمحون|يسمحوا لي بالخروج",
    "ممنوعة|ممنوع من الخروج",
    "يغتصبني|يغتصبوني|يغتصبونني|اغتصبني|اغتصبوني",
    # Persian and Dari
    "مرا|منو|من را|رو زندانی|حبس کرد*",
    "مرا|منو زندانی|حبس کرد*",
    "زندانی ام|زندانیم کرد*",
    "زندانی هستم",
    "مرا|منو .. فروخت*|میفروش*|فروش*",
    "مجبورم|مجبور .. تن‌فروشی|تنفروشی|فحشا|سکس|روسپیگری",
    "من قربانی قاچاق",
    "اجازه ندارم .. بیرون|خارج",
    "نمی‌گذارند|نمیگذارند|نمی‌گذارد|نمیذارن|نمی‌ذارن .. بیرون|خارج",
    "به من تجاوز",
    # Sorani
    "دەمفرۆشن|فرۆشتمیان|دەمفرۆشێت",
    "زیندانیان|بەندیان|حەپسیان کردووم|کردم",
    "ناهێڵن|ناهێڵێت .. دەرەوە",
    "زۆرم لێ|لێدەکەن .. لەشفرۆشی",
    # Tigrinya
    "ሸይጦምኒ|ሸይጡኒ|ይሸጡኒ",
    "ኣሲሮምኒ|ኣሲሩኒ|ዓጽዮምኒ|ዓጽዩኒ",
    "ክወጽእ ኣይፈቅዱለይን|ኣይፈቅደለይን",
    # Somali
    "i iibiyeen|iibiyay|iibinayaan|iibiyaan",
    "la i iibiyay|iibiyey",
    "i xireen|xidheen|xiray|xidhay",
    "la igu xiray|xidhay|xiro",
    "igu qasb*|khasb* .. galmo|dhillaysi|dhilleysi",
    "ma ii oggola|ogola .. baxo|bannaanka",
    # Romanian
    "m-a|m-au vândut|vindut",
    "mă vând|vinde",
    "m-a|m-au închis|încuiat|sechestrat",
    "mă țin|ține .. închis*|încuiat*|sechestrat*",
    "sunt închisă|încuiat*|sechestrat*",
    "sunt victimă|victima .. trafic*",
    "mă obligă|forțează|pune .. prostitu*|sex",
    "m-a|m-au obligat|forțat .. prostitu*|sex",
    "nu mă lasă să ies",
    # Russian
    "меня продали|продал|продала|продают|продаёт",
    "меня .. заперли|запер|запирают|запирает",
    "держат|держит меня .. взаперти|силой|насильно",
    "меня держат|держит .. взаперти|силой|насильно",
    "я .. заперта|заперт|взаперти",
    "меня заставляют|заставляет|заставили|заставил .. проститу*|секс*|спать",
    "заставляют|заставляет|заставили|заставил меня .. проститу*|секс*|спать",
    "я .. жертва|жертвой торговли людьми",
    "меня не выпускают|выпускает",
    "не выпускают|выпускает меня",
    # Spanish
    "me vendieron|vendió|venden|vende a|para|por",
    "me tienen|tiene|tenían|tenía encerrad*|secuestrad*|cautiv*",
    "me encierra*|encerraron|encerró",
    "estoy|estamos encerrad*|secuestrad*|cautiv*",
    "me obliga*|obligó|fuerza*|forzaron .. prostitu*|sexo|acostarme",
    "soy|fui víctima de trata",
    "no me deja|dejan salir",
    # Thai
    "ถูกขายให้",
    "ขายฉัน",
    "บังคับให้ขายตัว",
    "บังคับให้ฉันขายตัว",
    "บังคับให้ขายบริการ",
    "ถูกขัง",
    "ขังฉัน",
    "ขังหนู",
    "ฉันเป็นเหยื่อค้ามนุษย์",
    "ฉันเป็นเหยื่อการค้ามนุษย์",
    "ไม่ให้ฉันออกไป",
)
# What people write who are in danger now: it cannot wait, whoever wrote it.
NOW = (
    # English
    "i|i'm|im|we|we're|she|she's|he|he's|they|they're .. in danger",
    "i|i'm|im|we|we're|she|she's|he|he's|they .. in great|real|big|serious|grave danger",
    "my|our|her|his life|lives .. in danger",
    "he|she|they|husband|man|men|brother|father|family|boyfriend|ex .. kill|murder me|us|her|him",
    "i|i'm|im|we|we're .. not safe here|now|tonight|anymore",
    "afraid|scared for my|our|her life|lives",
    "help|save me|us .. from him|them",
    # Swedish
    "jag|vi|hon|han|de|dom .. i fara|livsfara",
    "mitt|vårt|hennes|hans liv .. i fara",
    "han|hon|de|dom|mannen|maken|brodern|pappan|familjen .. döda|mörda mig|oss|henne|honom",
    "jag|vi är inte säker|säkra här|nu|längre",
    "rädd|rädda för mitt|vårt|hennes liv",
    # Arabic
    "انا|اني|انني|نحن|احنا .. في خطر",
    "حياتي|حياتنا|حياتها .. في|بخطر",
    "سيقتلني|سيقتلوني|سيقتلونني|يقتلني|يقتلوني|يقتلونني|بيقتلني|بيقتلوني|قتلي",
    # Persian and Dari
    "جانم|زندگی‌ام|زندگیم .. در خطر",
    "جان من|ما در خطر",
    "من|ما .. در خطر هستم|هستیم|ام",
    "مرا|منو می‌کشند|میکشند|می‌کشد|میکشد|میکشه|میکشن|بکشد|بکشند",
    "من را می‌کشند|میکشند|می‌کشد|میکشد|بکشد|بکشند",
    # Sorani
    "ژیانم لە مەترسیدایە|مەترسیدا",
    "لە مەترسیدام|مەترسیداین",
    "دەمکوژن|دەمکوژێت",
    # Tigrinya and Amharic
    "ህይወተይ ኣብ ሓደጋ",
    "ኣብ ሓደጋ ኣለኹ|ኣለና",
    "ክቐትሉኒ|ክቐትለኒ",
    "አደጋ ላይ ነኝ|ነን",
    "ሊገድሉኝ|ሊገድለኝ",
    # Somali
    "khatar .. ku jiraa|jirnaa",
    "i dilayaan|dilayaa|dili",
    # Urdu
    "میری|ہماری جان .. خطرے",
    "میں|ہم .. خطرے میں",
    # Romanian
    "sunt|suntem .. în pericol",
    "să|o mă omoare|ucidă",
    # Russian and Ukrainian
    "я|мы .. в опасности",
    "моя|наша жизнь .. в опасности",
    "убьет|убьёт|убьют|убить меня|нас",
    "я|ми .. в небезпеці",
    # Spanish and French
    "estoy|estamos .. en peligro",
    "va|van|quiere|quieren .. matarme|matarnos",
    "me va|van|quiere|quieren .. matar",
    "je|nous .. en danger",
    "va|vont|veut|veulent .. me|nous tuer",
    # Thai
    "ฉันอยู่ในอันตราย",
    "ฉันตกอยู่ในอันตราย",
    "จะฆ่าฉัน",
)
# Of these it takes two, as of the signs of `misdirected_words`.
SIGNS = (
    (
        "he|she|they|man|boss|husband|employer .. took|taken|takes|has|have|keep|keeps|kept|hid .. "
        "my passport|id|documents"
    ),
    "threaten|threatens|threatened|threatening me|us|my",
    "force|forces|forced|forcing me|us to",
    (
        "han|hon|de|dom|mannen|chefen|arbetsgivaren .. tog|tagit|tar|har|gömde|gömt|behåller .. "
        "mitt pass|id-kort"
    ),
    "hotar|hotade|hotat mig|oss|min",
    "tvingar|tvingade|tvingat|tvingas mig|oss",
    "اخذ*|ياخذ*|صادر*|سحب*|حجز*|يحتجز*|يحتفظ* .. جوازي|جوازات",
    "اخذ*|ياخذ*|صادر*|سحب*|حجز*|يحتجز*|يحتفظ* .. جواز سفري|سفرنا",
    "هددني|هددوني|يهددني|يهددوني|يهددونني",
    "يجبرونني|يجبروني|اجبروني",
    "پاسپورتم|پاسپورتمو|گذرنامه‌ام|گذرنامه‌ام را|رو گرفت*|برد*|گرفته*",
    "تهدیدم کرد*|می*",
    "مجبورم کرد*|می*",
    "اجازه ندارم",
    "پاسپۆرتەکەمیان برد*|وەرگرت*|لێسەندم",
    "هەڕەشەم لێ|لێدەکەن",
    "زۆرم لێ|لێدەکەن",
    "ፓስፖርተይ .. ወሲዶም*|ወሲዱ*|መንጢሎም*",
    "የፈራርሑኒ|የፈራርሓኒ",
    "ብግዲ የስርሑኒ",
    "baasaboor* .. qaat*|qaad*",
    "ii|i hanjab*",
    "igu qasb*|khasb*",
    "mi-a|mi-au luat pașaportul|actele|buletinul",
    "mă amenință",
    "забрал*|отобрал*|отнял*|забрали .. паспорт|документы",
    "угрожа* мне",
    "мне угрожа*",
    "me quit*|retuv*|retien* .. pasaporte|documentos",
    "me amenaz*",
    "ยึดพาสปอร์ต",
    "ยึดหนังสือเดินทาง",
    "ขู่ฉัน",
)
# Turns of speech that say nothing of anybody's freedom; they are left out before the search.
FIGURATIVE = (
    "in danger of losing|missing|failing|expiring|becoming|closing",
    "in danger of being late|delayed|rejected|closed",
    "i fara|livsfara att förlora|missa|bli för",
    "locked in|up a|an|the|my|our contract|contracts|plan|rate|price|office|meeting|meetings|deal",
    "locked in|inside meetings",
    "inlåst|inlåsta|instängd|instängda i|på ett|en|kontoret|möten|möte|avtal",
    "sold me for a fool",
)
