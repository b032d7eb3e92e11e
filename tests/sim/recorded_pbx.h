#pragma once
#include <gtest/gtest.h>

#include "tests/sim/cut_run.h"

namespace citybridge::sim {

// "asterisk/02-inbound-queue-hold.ami", "freeswitch/transfer_blind.esl".
std::unique_ptr<RecordedPbx> recorded_pbx(const std::string& name);

// The capture's name as a test may carry it.
std::string capture_test_name(const testing::TestParamInfo<std::string>& info);

}  // namespace citybridge::sim
