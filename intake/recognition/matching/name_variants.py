"""List the spellings of common words of names that no rule of sounds brings together.

These are words of many people's names, not people.
"""

GROUPS = (
    "yusuf youssef yousef yousif yosef yusef yussef youssif yusif jusuf yosif ywsf",
    "fatima faduma faadumo fadumo fadma fatuma fatoumata",
    "mohammed mohd mehmet mehmed mihemed muhamed",
    "hussein hussen husen husein hossein",
    "aisha ayesha caasha caasho asha aicha ayse aysha",
    "khadija xadiijo hatice hadija khadijo",
    "abdullah abdullahi cabdullaahi abdulahi abdilahi",
    "ibrahim brahim ibraahin",
    "zaynab zeinab zainab zeynep sayneb saynab",
    "sergei serhii serhiy sergiy sergey",
    "tatiana tetiana tetyana",
    "volodymyr volodimir",
    "isa isse ciise eissa eisa",
    "musa muse muuse moussa mousse",
    "yulia julia yuliia iuliia yuliya",
    "haile hayle hayile",
    "daoud davud davut",
    "marwan merouane marouane merwane",
)
SPELLINGS = {word: group.split()[0] for group in GROUPS for word in group.split()}
