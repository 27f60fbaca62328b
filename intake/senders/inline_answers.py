"""Know the words with which people say that their answers stand inside an older mail.

They write between its lines or into them, often in a colour that is lost here. It may import the
sandbox's knowledge of texts.
"""

import re

from intake.sandbox.protocol.body_text import NO_DIRECTIONS

# What is said to stand elsewhere, in the languages that people here write.
ANSWERS = (
    r"\b(?:svar(?:en|et|ar|at|ade|er|ene|te|t)?|kommenta(?:r|rer|rerna|rene|re|rze)|kommenterat"
    r"|synpunkter\w*|skriv(?:er|it)|skrev|fyllt i|answer(?:s|ed|ing)?|repl(?:y|ies|ied|ying)"
    r"|respon(?:se|ses|d|ded|ding)|comment(?:s|ed|aires?)?|remarks?|written|wrote|typed|filled in"
    r"|antwort\w{0,6}|beantwort\w{0,6}|anmerkung(?:en)?|geschrieben|vastau\w{1,12}|vasta(?:sin|an)"
    r"|vasta(?:ttu|nnut)|kommen(?:tti|tit|toin|ttini|tteja)|kirjoit(?:in|an|ettu|tanut)|besvar\w{1,4}"
    r"|skrevet|réponses?|répond[su]?|antwoord(?:en)?|beantwoord|opmerking(?:en)?|reacties?"
    r"|respuestas?|respond(?:o|í|ido|emos)|comentarios?|comentários?|respostas?|respondi"
    r"|rispost[aeo]|rispondo|odpowied(?:ź|zi|ziałam|ziałem)|odpowiadam|ответ(?:ы|ила?|ов)?|отвечаю"
    r"|комментарии|відпові(?:дь|ді|даю|вл?а?)|коментарі|yanıt\w{0,8}|cevap\w{0,8}|jawaab\w{0,6}"
    r"|(?:ال)?[إا]جابا?(?:ت|ة|تي)|[أا]جوب(?:ة|تي)|(?:ال)?رد(?:ي|ود|ودي|نا)?|أجبت|جواب\w{0,3}"
    r"|پاسخ\w{0,4})\b"
)
# Where: in or below the mail that is quoted.
WITHIN = (
    r"\b(?:ned(?:an|anför|anfor|enfor|enunder)|här under|her ?under|under(?=[ ]?(?:[.:!,;)]|$))"
    r"|i (?:texten|teksten|mejlet|mailet|brevet|e-posten|ditt (?:mejl|mail|brev)|din (?:text|mail))"
    r"|(?:under|efter|vid|etter|ved|bakom) (?:varje|vart?|hver|hvert|respektive|resp|frågorna"
    r"|frågan|dina|era|spørgsm\w{1,6}|spørsm\w{1,6}|dine|deres)|below|beneath|underneath"
    r"|in (?:the|your) (?:text|e-?mail|mail|message|body)"
    r"|(?:under|after|beside|next to) (?:each|every|your|the questions?)|unten|unterhalb|darunter"
    r"|im text|in (?:den|ihren|deinen) text|in (?:der|ihrer|deiner) (?:e-?mail|mail|nachricht)"
    r"|(?:unter|hinter|bei|nach) (?:den|der|jeder|ihren|deinen) (?:frage\w?|punkte\w?)"
    r"|alapuolel\w{1,4}|tekstissä|viestissä|viestin(?:ne|si)? sisällä"
    r"|kysymyst?en(?:ne|ne)? (?:alla|alle|perässä|perään|jälkeen|kohdalla)"
    r"|ci-dessous|plus bas|dans (?:le|votre|ton) (?:texte|message|mail|e-mail|courriel)"
    r"|hier(?:onder|beneden)|in (?:de|uw|je) (?:tekst|mail|e-mail|bericht)"
    r"|(?:más )?abajo|en (?:el|su|tu) (?:texto|correo|mensaje)|abaixo|no texto|qui sotto|sotto"
    r"|nel testo|poniżej|w (?:tekście|treści)|ниже|в (?:тексте|письме)|нижче"
    r"|[ву] (?:тексті|листі)|aşağıda\w{0,3}|metin içinde|hoose|[أا]دناه|في (?:ال)?[أا]سفل"
    r"|(?:في|داخل|ضمن) (?:ال)?(?:نص|رسالة|رسالتك)|تحت|(?:در )?زیر|در متن|داخل متن)"
)
# In Swedish and German this word says "all".
FINNISH_ANSWERS = r"\b(?:vasta|kommen|kirjoit)\w{1,14}"
FINNISH_BELOW = r"\bal(?:la|le|ta)"
BETWEEN = (
    r"\b(?:in-?line|in between|insprängda?|insprängt|infoga(?:t|de|d)|mellan raderna"
    r"|between (?:the|your) lines|zwischen den zeilen|rivien (?:väliin|välissä|väleissä)"
    r"|tekstin (?:seassa|sekaan|väliin|välissä|väleissä|lomassa|joukossa)|mellem linjerne"
    r"|mellom linjene|tussen de regels|entre (?:les lignes|líneas|as linhas)|tra le righe"
    r"|między wierszami|между строк\w{0,3}|між рядк\w{1,3}|بين (?:ال)?(?:سطور|أسطر))(?!\w)"
)
# The older mail itself: what it says is a part of what the person says.
SEE_BELOW = (
    r"\b(?:se|jfr) (?:ned(?:an|enfor|anför)|under(?=[ ]?(?:[.:!,;)]|$)))|\bsee (?:mail )?below"
    r"|\bsiehe unten|\bk(?:atso|s\.?) al(?:la|ta|apuolel\w{1,3})|\bvoir (?:ci-dessous|plus bas)"
    r"|\bzie (?:hier)?onder|\bver (?:más )?aba(?:jo|ixo)|\bvedi sotto"
    r"|\b(?:zob|patrz)\w{0,3}\.? poniżej"
    r"|\bсм(?:отрите|\.)? ниже|\bдив(?:іться|\.)? нижче|\b[أا]نظر [أا]دناه"
)
IN_COLOUR = (
    r"\b(?:(?:i|med) (?:rött|blått|grönt|gult|lila|fetstil|fet stil|kursiv\w{0,5}|versaler"
    r"|rødt|blåt|grønt|fed skrift|fet skrift|kapitæler|stora bokstäver)"
    r"|(?:röd|blå|grön|rød|grøn)(?:a|markerad|märkt|markert|markeret)?[ -]?"
    r"(?:text|tekst|färg|farge|farve|stil|skrift)|rödmarkera(?:t|de)"
    r"|in (?:red|blue|green|purple|bold|italics?|capitals?|caps|colou?r|rot|blau|grün|fett|kursiv"
    r"|(?:het )?(?:rood|blauw|groen|vet)|rosso|blu|verde|grassetto|großbuchstaben"
    r"|(?:rote|blaue|grüne)[rn]? (?:schrift|farbe|text))|(?:rot|blau|fett) (?:markiert|gedruckt)"
    r"|puna(?:isella|sella)|sinisellä|vihreällä|lihavoi\w{1,6}|kursiivilla|isoilla kirjaimilla"
    r"|en (?:rouge|bleu|vert|gras|rojo|azul|verde|negrita|mayúsculas)|em (?:vermelho|azul|negrito)"
    r"|na (?:czerwono|niebiesko|zielono)|красным|синим|зел[её]ным|жирным|червоним|синім|зеленим"
    r"|жирним|kırmızı\w{0,4}|ب?اللون (?:ال)?(?:[أا]حمر|[أا]زرق|[أا]خضر)|بال[أا](?:حمر|زرق|خضر)"
    r"|(?:به )?رنگ (?:قرمز|آبی|سبز))(?!\w)"
)
NEAR = r"[^.!?;]{0,40}"
# For small letters: a pattern that tries each letter in both takes four times as long.
ANNOUNCED = re.compile(
    rf"{ANSWERS}{NEAR}(?:{WITHIN})(?!\w)|(?:{WITHIN})(?!\w){NEAR}{ANSWERS}"
    rf"|{FINNISH_ANSWERS}{NEAR}{FINNISH_BELOW}(?!\w)|{FINNISH_BELOW}(?!\w){NEAR}{FINNISH_ANSWERS}"
    rf"|{BETWEEN}|(?:{SEE_BELOW})(?!\w)|{IN_COLOUR}"
)


def announces_answers(text: str) -> bool:
    """Say whether a person's words tell that what is quoted with them holds their answers.

    It says yes rather than no: then a reader is shown more than is needed.

    >>> announces_answers("Hej! Mina svar står\\nnedan i ditt mejl."), announces_answers("Ja, kom.")
    (True, False)
    """
    words = NO_DIRECTIONS.sub("", text).lower().split()
    return ANNOUNCED.search(" ".join(words)) is not None
