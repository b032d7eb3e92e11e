#include "adapters/simulator/people.h"

namespace citybridge::simulator {
namespace {

using Words = std::vector<std::string>;

// Allocated by MIIT to China Mobile, Unicom, Telecom and Broadnet.
const Words& prefixes() {
    static const Words list{"130", "131", "132", "133", "134", "135", "136", "137", "138", "139",
                            "150", "151", "152", "153", "155", "156", "157", "158", "159", "166",
                            "173", "175", "176", "177", "178", "180", "181", "182", "183", "185",
                            "186", "187", "188", "189", "190", "191", "192", "193", "198", "199"};
    return list;
}

const Words& surnames() {
    static const Words list{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周",   "徐",
                            "孙", "马", "朱", "胡", "郭", "何", "林", "高", "罗", "欧阳", "司马"};
    return list;
}

const Words& given_names() {
    static const Words list{"伟", "芳", "娜",   "敏",   "静",   "磊",   "强",   "洋",   "艳",   "勇",
                            "杰", "涛", "小明", "秀英", "志强", "建国", "丽华", "雨桐", "子轩", "欣怡"};
    return list;
}

// What real caller id also carries: titles, commas, quotes, full-width brackets, emoji.
const Words& odd_names() {
    static const Words list{"王先生", "李女士", "张三, 北京", "李雷（VIP）", "😀客户", "O'Brien 欧: x", "\"老陈\""};
    return list;
}

}  // namespace

std::string mobile_number(Random& random) {
    std::string number = random.pick(prefixes());
    while (number.size() < 11) number += static_cast<char>('0' + random.below(10));
    return number;
}

std::string caller_name(Random& random) {
    if (random.percent(60)) return {};
    if (random.percent(20)) return random.pick(odd_names());
    return random.pick(surnames()) + random.pick(given_names());
}

std::string agent_name(int index) {
    static const Words first{"王芳", "李娜", "张伟", "赵磊", "刘洋", "陈静", "杨敏", "黄强", "周杰", "吴艳"};
    const auto at = static_cast<std::size_t>(index);
    if (at < first.size()) return first[at];
    const auto& family = surnames();
    const auto& given = given_names();
    return family[at % family.size()] + given[(at / family.size() + at) % given.size()];
}

const std::string& break_reason(Random& random) {
    static const Words list{"午休", "培训", "会议", "小休"};
    return random.pick(list);
}

}  // namespace citybridge::simulator
