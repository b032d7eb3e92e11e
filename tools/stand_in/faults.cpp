#include "tools/stand_in/faults.h"

#include <utility>

namespace citybridge::stand_in {

void FaultDice::set(Faults faults) {
    std::lock_guard lock(mutex_);
    faults_ = faults;
    quiet_ = faults.slam + faults.fail_500 + faults.busy_503 + faults.late_answer + faults.late_effect +
                 faults.commit_then_500 + faults.commit_then_drop <=
             0;
}

Faults FaultDice::faults() const {
    std::lock_guard lock(mutex_);
    return faults_;
}

double FaultDice::roll() { return std::uniform_real_distribution<double>(0, 1)(random_); }

bool FaultDice::draw_slam() {
    if (quiet_) return false;
    std::lock_guard lock(mutex_);
    if (roll() >= faults_.slam) return false;
    ++met_[static_cast<std::size_t>(Fault::slam)];
    return true;
}

Fault FaultDice::draw() {
    if (quiet_) return Fault::none;
    std::lock_guard lock(mutex_);
    double left = roll();
    for (const auto& [fault, share] :
         {std::pair{Fault::fail_500, faults_.fail_500}, std::pair{Fault::busy_503, faults_.busy_503},
          std::pair{Fault::late_answer, faults_.late_answer}, std::pair{Fault::late_effect, faults_.late_effect},
          std::pair{Fault::commit_then_500, faults_.commit_then_500},
          std::pair{Fault::commit_then_drop, faults_.commit_then_drop}}) {
        if (left < share) {
            ++met_[static_cast<std::size_t>(fault)];
            return fault;
        }
        left -= share;
    }
    return Fault::none;
}

std::uint64_t FaultDice::met_all() const {
    std::uint64_t all = 0;
    for (const auto& one : met_) all += one;
    return all;
}

}  // namespace citybridge::stand_in
