#include "tests/sim/recorded_pbx.h"

#include <algorithm>

#include "tests/sim/asterisk_pbx.h"
#include "tests/sim/freeswitch_pbx.h"

namespace citybridge::sim {

std::unique_ptr<RecordedPbx> recorded_pbx(const std::string& name) {
    if (name.ends_with(".esl")) return std::make_unique<FreeswitchPbx>(name);
    return std::make_unique<AsteriskPbx>(name);
}

std::string capture_test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param.substr(info.param.find('/') + 1);
    name = name.substr(0, name.find('.'));
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

}  // namespace citybridge::sim
