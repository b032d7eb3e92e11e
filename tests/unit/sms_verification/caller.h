#pragma once
// What a store and a desk would do around the rules: verifications and budgets in memory, time as the test says.
#include <gtest/gtest.h>

#include <map>

#include "plugins/sms_verification/sms_verification.h"
#include "tests/support/plugin_host.h"

namespace citybridge::sms_verification {

inline const std::string kKey = "0123456789abcdef0123456789abcdef0123456789abcdef";

class Caller {
public:
    using What = VerificationAsk::What;

    struct Set {
        std::string name, value;
    };

    Caller() : Caller(std::initializer_list<Set>{}) {}
    Caller(std::initializer_list<Set> settings) {
        RawSettings raw;
        raw.settings.push_back({"key", kKey, {}});
        for (const Set& one : settings) raw.settings.push_back({one.name, one.value, {}});
        Problems problems;
        plugin.configure(raw, problems);
        EXPECT_TRUE(problems.empty()) << to_string(problems.front());
    }

    Result<VerificationVerdict> start(const std::string& purpose = "data_change", const std::string& role = "agent") {
        VerificationRecord row;
        row.id = "ver_" + std::to_string(++count);
        row.nonce = "nonce" + std::to_string(count);
        row.number = number;
        row.purpose = purpose;
        row.created_at = now;
        return ask(row, What::start, "", role);
    }
    Result<VerificationVerdict> resend() { return ask(last, What::resend, "", "agent"); }
    Result<VerificationVerdict> check(const std::string& code) { return ask(last, What::check, code, "agent"); }
    Result<VerificationVerdict> unlock(const std::string& role = "supervisor") {
        return ask(last, What::unlock, "", role);
    }
    std::string code() {
        auto made = plugin.code(last, now);
        return made ? *made : made.error().code;
    }
    // A code that is not the right one.
    std::string wrong() {
        const std::string right = code();
        return right == "000000" ? "000001" : "000000";
    }

    Result<VerificationVerdict> ask(const VerificationRecord& row, What what, const std::string& code,
                                    const std::string& role) {
        std::vector<VerificationBudgetRecord> rows;
        for (const std::string& purpose : plugin.budgets(row.purpose))
            if (const auto it = budgets.find({row.number, purpose}); it != budgets.end()) rows.push_back(it->second);
        auto out = plugin.decide({what, code, "li", role}, row, rows, now);
        if (!out) return out;
        last = out->verification;
        for (const VerificationBudgetRecord& budget : out->budgets) budgets[{budget.number, budget.purpose}] = budget;
        return out;
    }

    tests::PluginHost host{"codes"};
    SmsVerificationPlugin plugin{host};
    std::map<std::pair<std::string, std::string>, VerificationBudgetRecord> budgets;
    VerificationRecord last;
    std::string number = "+8613800000001";
    WallTime now{Millis{1'764'000'000'000}};
    int count = 0;
};

}  // namespace citybridge::sms_verification
