"""Hold common name tokens that are, and are not, spellings of one another.

These are words that thousands of people share, put together at random. They name nobody.
"""

ALIKE = """
Mohammed Muhammad|Mohammed Mohamed|Mohammed Mohammad|Mohammed Maxamed|Mohammed محمد
Mohammed Mohamad|Mohammed Mehmet|Ali Aly|Ali علی|Ali علي|Ali Cali|Hussein Hoseyn
Hussein Husayn|Hussein Hussain|Hussein Xuseen|Hussein حسين|Hussein Huseyin|Hassan Hasan
Hassan Xasan|Hassan حسن|Abdul_Rahman Abdurrahman|Abdul_Rahman Abd_al-Rahman
Abdul_Rahman Abdelrahman|Abdul_Rahman Abdirahman|Abdul_Rahman عبدالرحمن
Abdul_Rahman عبد_الرحمن|Abdullah Abdallah|Abdullah Abdulla|Abdullah عبدالله
Abdullah Cabdullaahi|Abdulaziz Abdel_Aziz|Abdul_Karim Abdelkarim|Abdul_Karim Abdulkareem
Yusuf Youssef|Yusuf Yousif|Yusuf Yuusuf|Yusuf يوسف|Khalid Khaled|Khalid Xalid|Khalid Halid
Khalid خالد|Ahmed Ahmad|Ahmed Axmed|Ahmed Ahmet|Ahmed أحمد|Omar Umar|Omar Cumar|Omar عمر
Osman Othman|Osman Usman|Osman Cusmaan|Osman عثمان|Qasim Kasim|Qasim Ghasem|Gholam Qolam
Gorbani Ghorbani|Gorbani Qorbani|Ibrahim Ebrahim|Ibrahim إبراهيم|Ibrahim Ibraahim
Ismail Esmail|Ismail Ismaaciil|Ismail Ismaeel|Fatima Fatma|Fatima Fatemeh|Fatima Fadumo
Fatima فاطمة|Amina Aminah|Amina Aamina|Said Saeed|Said Sayid|Said سعيد|Said Sacid
Karim Kareem|Karim کریم|Rashid Rasheed|Nur Noor|Nur Nuur|Mustafa Mostafa|Mustafa Mustapha
Mustafa مصطفى|Musa Moussa|Musa Muuse|Hosseini Husseini|Hosseini Hosaini|Daoud Dawood
Daoud Davud|Marwan Merouane|Marwan Marvan|Al-Hassan Hassan|Alhassan Hassan
El-Amrani Amrani|Reza Riza|Reza رضا|Mohammadreza Mohammad_Reza|Zaynab Zeinab|Maryam Mariam
Maryam Meryem|Aisha Ayesha|Aisha Caasho|Jamal Djamal|Jamal Cemal|Jasmin Yasmin
Yulia Yuliia|Yulia Юлія|Yulia Julia|Iryna Irina|Iryna Ірина|Oleksandr Олександр
Olena Олена|Natalia Nataliya|Natalia Наталія|Kateryna Катерина|Aleksandr Alexander
Dmytro Dmitro|Sergei Сергей|Yelena Elena|Tetiana Tetyana|Abebe አበበ|Girma ግርማ|Haile ኃይሌ
Selam ሰላም|Tesfaye Tesfay|Shirin Şirin|Jiyan Ciyan|Warsame Warsama|Sharif Shariif
Jama Jaamac|Isse Ciise|Çelik Celik|Farah Faarax|Noor نور
"""
DIFFERENT = """
Hassan Hussein|Mohammed Mahmoud|محمد محمود|Olena Alina|Olena Elena|Ali Ola|Ali Omar
Omar Amir|Amir Amira|Said Saida|Karim Karima|Amin Amina|Jamal Jamila|Kamal Kamila
Khalid Khalida|Ahmed Ahmadi|Ahmed Hamid|Ahmed Hamdi|Hassan Ahsan|Yusuf Yasin|Ibrahim Imran
Fatima Fadel|Nur Nura|Nur Nasir|Osman Asma|Abdul_Rahman Abdul_Karim|Abdullah Abdulaziz
Abdul_Rahman Abdurrashid|Abdullah Abdi|Rashid Rashida|Mustafa Mostafavi|Musa Mariam
Zaynab Zahra|Maryam Marwan|Yulia Olha|Iryna Karina|Natalia Tetiana|Oleksandr Oleksandra
Dmytro Dmytrivna|Sergei Sergeeva|Haile Helen|Girma Gebre|Selam Solomon|Abebe Ababu
Reza Rezai|Aisha Asad|Khadija Hajar|Sharif Sharifa|Warsame Warfa|Tesfaye Tesfu
Hosseini Hossein|Qasim Qais|Karim Akram|Daoud Dina|Marwan Imran|Jamal Kamal|علي عمر
سعيد سعيدة|Юлія Ольга|Олена Ірина
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """Return the pairs of a table; an underscore stands for a space."""
    written = [pair for line in table.split("\n") for pair in line.split("|") if pair]
    split = (pair.split(" ") for pair in written)
    return [(left.replace("_", " "), right.replace("_", " ")) for left, right in split]
