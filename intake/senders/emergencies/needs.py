"""Tell whether a text asks for something that somebody needs today or tonight.

«We need a bed for tonight» says by itself that it cannot wait. «As soon as possible» says it of a
place to stay, and more pressing words with a day at hand: an answer is asked for soon in most mail.
"""

from functools import lru_cache

from intake.senders.emergencies.phrases import Index, Words
from intake.senders.emergencies.thoughts import Thought, of_plain, plain

# It is asked for by these, or it is what somebody has not.
NEED = (
    "behöver|behövs|måste|saknar|söker|trenger|mangler|skal|må|needs|need|needed|must|requires",
    "har|står ingen|inget|ingenstans", "är|står utan", "has|have|having no|nowhere|nothing",
    "without|looking", "brauchen|braucht|benötigt|suchen|sucht", "hat|haben kein|keine|keinen",
    "tarvitsee|tarvitsemme|tarvitaan|tarvitsen|etsimme", "ei ole", "besoin|cherche|cherchons",
    "n'a|n'ont pas|nulle", "necesita|necesitamos|necesito|busca|buscamos", "no tiene|tienen|hay",
    "are|avem|am nevoie", "nu are|au", "потрібно|потрібне|потрібен|потрібна|потребує|треба|шукаємо",
    "немає|нема|нікуди", "нужно|нужна|нужен|нужны|требуется|надо|ищем", "нет|некуда",
    "نحتاج|تحتاج|يحتاج|احتاج|يحتاجون|بحاجة", "لا|ليس|ما يوجد|تملك|عندها|لديها|لها|عندي|لدي",
    "نیاز|لازم|می‌خواهیم|ندارد|نداریم|ندارم|ندارند", "پێویستی|پێویستە|پێویستم|پێویستمان|نییە",
    "baahan*|rabaa|rabnaa", "ma haysato|haysto|haystaan", "የድልያ|የድልዮ|የድልየና|የብላን|የብሉን|የድሊ",
    "ያስፈልጋታል|ያስፈልገዋል|ያስፈልገናል|የላትም|የለውም", "ضرورت|چاہیے|نہیں", "ต้องการ", "ไม่มี",
)  # fmt: skip
PLACE = (
    "plats|platser|boende|säng|sängplats|sovplats|sova|härbärge|skyddsboende|tak|skydd|jourhem",
    "plass|plads|seng|krisesenter|krisecenter|husly|botilbud|overnatting|overnatning",
    "bed|beds|shelter|place|room|accommodation|housing|refuge|roof|sleep|stay",
    "platz|bett|unterkunft|schlafplatz|frauenhaus|zimmer|obdach",
    "paikka|paikkaa|paikan|majoitus|majoitusta|turvakoti*|turvakodi*|yösija|yöpaikka*|sänky*",
    "place|lit|hébergement|abri|refuge|logement|chambre|dormir",
    "plaza|cama|alojamiento|refugio|lugar|habitación|techo|dormir", "loc|pat|cazare|adăpost|dormi",
    "місце|місця|ліжко|прихисток|притулок|житло|ночівля|ночувати",
    "место|места|кровать|ночлег|убежище|приют|жильё|ночевать", "مكان|سرير|مأوى|سكن|ملجأ|تنام|ننام",
    "جا|جای|جایی|سرپناه|تخت|پناهگاه|خانه", "شوێن|شوێنێک|جێگا|جێگایەک|جێی", "meel|hoy|sariir|jiif",
    "ቦታ|መዕቆቢ|መደቀሲ|መጠለያ|ማደሪያ|ኣልጋ|አልጋ", "جگہ|پناہ|ٹھکانہ", "ที่พัก", "เตียง", "ที่นอน",
)  # fmt: skip
TONIGHT = (
    "ikväll|inatt|kvällen|tonight", "i kväll|natt|kveld|aften|nat", "this evening|night",
    "heute nacht|abend", "tänä iltana|yönä", "ensi yönä|yöksi", "täksi yöksi|illaksi", "ce soir",
    "cette nuit", "esta noche", "diseară", "la noapte", "noaptea|seara asta|aceasta",
    "сьогодні .. ніч|вночі|ввечері|увечері", "цю|сьогоднішню ніч", "сегодня .. ночь|ночью|вечером",
    "эту|сегодняшнюю ночь", "الليلة", "هذه الليلة", "امشب", "ئەمشەو", "caawa", "ሎሚ ምሸት|ለይቲ",
    "ዛሬ ማታ|ሌሊት", "آج رات", "คืนนี้",
)  # fmt: skip
SOON = (
    "asap|snarast|snarest", "as soon as possible", "så snart|fort som möjligt|mulig", "omgående",
    "skyndsam|skyndsamt|skyndsamma", "hurtigst muligt", "schnellstmöglich|umgehend",
    "so schnell|bald wie möglich", "mahdollisimman pian|nopeasti", "viipymättä|pikaisesti",
    "dès que possible", "au plus vite", "lo antes posible", "cuanto antes",
    "cât mai repede|curând", "якнайшвидше|якомога", "как можно скорее|быстрее", "في اسرع وقت",
    "باسرع وقت", "هرچه سریع‌تر|سریعتر|زودتر", "هر چه سریع‌تر|سریعتر|زودتر", "زووترین|زوترین کات",
    "sida ugu dhaqsaha|dhaqso", "ብቕልጡፍ|ብቅልጡፍ|በፍጥነት", "جلد از جلد", "โดยด่วน", "ด่วน",
)  # fmt: skip
# Who writes these does not only like to have an answer.
PRESSING = (
    "omgående", "skyndsam|skyndsamt|skyndsamma", "umgehend", "viipymättä|pikaisesti", "ด่วน",
)  # fmt: skip
AT_HAND = (
    "idag|imorgon|today|tomorrow|heute|morgen|tänään|huomenna|aujourd'hui|demain|hoy|mañana|astăzi",
    "mâine|azi|сьогодні|завтра|сегодня|اليوم|غدا|امروز|فردا|ئەمڕۆ|سبەی|maanta|berri|ሎሚ|ጽባሕ|ዛሬ|ነገ",
    "i dag|morgon|morgen", "วันนี้|พรุ่งนี้",
    (
        "reser|utvisas|avvisas|verkställs|flyger|avreser .. måndag|tisdag|onsdag|torsdag|fredag"
        "|lördag|söndag"
    ),
)  # fmt: skip
IN_TIME = (*TONIGHT, *SOON)
NOT_NEEDED = of_plain(
    r"(?<!\w)(?:(?:behöver|behövs|trenger|needs?|brauchen|braucht|benötigt) (?:inte|ej|ingen|inget"
    r"|ikke|not|no|nicht|kein\w{0,2})|(?:not|n't|no longer) (?:need|looking|require)\w{0,3}"
    r"|ei tarvit\w+"
    r"|pas besoin|no necesit\w+|nu (?:are|avem) nevoie|не (?:потрібн|треба|нужн|надо|требу)\w*"
    r"|لا (?:نحتاج|تحتاج|يحتاج|احتاج)|نیاز ندار\w+|uma baahn\w+|ไม่ต้องการ)"
)
# What may happen, and what is said of every night.
SUPPOSED = of_plain(
    r"(?<!\w)(?:om|ifall|hvis|dersom|if|whether|when|whenever|wenn|falls|jos|si|dacă|якщо|если"
    r"|когда"
    r"|коли|إذا|عندما|اگر|haddii|ئەگەر|ถ้า|personer|kvinnor|people|women|those|anyone|alla|everyone"
    r"|på plats|in place|takes? place|meeting\w*|möte\w*|hotell\w*"
    r"|hotel\w*|conference|konferens\w*|boka\w*|book\w*)(?!\w)"
)


def says_need(thought: Thought) -> bool:
    """Tell whether a thought asks for a place tonight, or for what is more than wanted soon."""
    words, searched = thought.words, thought.searched
    if not _index(IN_TIME).is_asked(searched):
        return False
    is_tonight = _has(TONIGHT, searched)
    if (
        not (is_tonight or _has(SOON, searched))
        or NOT_NEEDED.search(words)
        or SUPPOSED.search(words)
    ):
        return False
    if _has(NEED, searched) and _has(PLACE, searched):
        return True
    return _has(PRESSING, searched) and (is_tonight or _has(AT_HAND, searched))


def is_pressing(thought: Thought) -> bool:
    """Tell whether a subject says by one word that it is to be quick."""
    return _has(PRESSING, thought.searched) and SUPPOSED.search(thought.words) is None


def _has(table: tuple[str, ...], searched: Words) -> bool:
    return next(_index(table).found(searched), None) is not None


@lru_cache(maxsize=8)
def _index(table: tuple[str, ...]) -> Index:
    return Index(table, plain)
