"""Know the everyday signs of East Asia whose bytes in a charset of their own are UTF-8 as well.

Each is a pair of bytes of which the first begins a letter of two bytes in UTF-8 and the second ends
one. Others of these charsets need not be told apart from UTF-8: their bytes are none.
"""

SIMPLIFIED = (
    "楼漏卢鲁露路录陆隆忙毛冒么梅没媒每模末莫默谋某母墓慕木目磨墨牛浓农努怒女暖虐诺欧偶哦疲皮篇偏片骗飘票拼频贫"
    "品聘平凭瓶苹萍匹脾恰洽牵千迁签谦钱前潜遣浅欠歉枪强墙取娶趣去圈权全泉劝缺却确群然燃染拳散丧扫嫂色森杀沙傻晒山删"
    "莎珊伞省盛剩胜圣师失湿施诗十石拾时什食识实史使驶始式示士刷摔衰帅双爽谁水睡税顺说斯思私司丝霜踏胎抬台泰太态摊贪"
    "滩坛谭谈坦探叹停亭庭挺通同童统痛偷投头透突图徒途涂彤微危违围唯维为委伟尾未味胃魏位稀息希悉夕惜席习媳喜洗系戏细"
    "霞小孝校笑效些协写谢肖选学雪血循寻询巡讯训迅压押呀薛穴摇遥姚药要爷谣也野业页叶夜液一医壹咬印英婴鹰应营迎赢影硬"
    "映拥寓裕预冤元袁原援员园圆源缘远愿怨院约越跃浴诈宅窄债展占战站摘炸粘湛症郑证枝支知织之职直植殖执值侄址指止只纸"
    "志脂芝住注祝驻抓专转赚庄撞装状追准捉桌"
)
TRADITIONAL = "癒礎禮簡糧織繞翹翻職獲羅繩繪藩藝覺觸議譬警譯聽臟襲讀贖鑑覽"
JAPANESE = (
    "贈側則息束測足速族続卒其孫村他多達脱誰単担探短長庁張朝町直的天店展転動同道堂銅踏逃透頭闘任認忍熱年念悩能猫箱八"
    "肌発髪判半反必百筆票表評標福複払物分文聞噴兵平法訪忘忙房望味未民無夢務名命娘唯優勇友有由郵憂与予余裏里離率立両"
    "流留旅料了路労六録連廊悪"
)
KOREAN = (
    "짜짝째쩌찾창채책챙처척천철첨첫청체초치칙친칠침칭카칸칼캐커크큰클키킬킹타탁탄탈탐탑탓트특튼틀틈틔티틸표푸풀품풍혼혹"
    "홀홍호화확환활황회획횟효"
)
# Words of two letters that are UTF-8 in the Thai charset: a car, to fight, untidy, a hospital.
THAI = "รถ รบ รก รพ"
# By Python's codec. Of cp932 they are letters of half the width alone, and hardly a word is.
EVERYDAY: dict[str, frozenset[str]] = {
    "gb18030": frozenset(SIMPLIFIED),
    **dict.fromkeys(("big5", "big5hkscs", "cp950"), frozenset(TRADITIONAL)),
    "euc-jp": frozenset(JAPANESE),
    **dict.fromkeys(("cp949", "johab"), frozenset(KOREAN)),
    "cp932": frozenset(),
    "cp874": frozenset(THAI.split()),
}
EAST_ASIAN = EVERYDAY.keys() - {"cp874"}
# Those whose words stand beside Latin ones without a blank.
WITHOUT_BLANKS = EVERYDAY.keys() - {"cp949", "johab"}
