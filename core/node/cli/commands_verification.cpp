// verification: a caller proves who he is. blocked: whom nobody writes to.
#include "core/node/cli/commands.h"
#include "core/node/cli/record_tables.h"
#include "core/node/cli/table.h"

namespace citybridge {
namespace {

using VerificationJson = nlohmann::ordered_json;

struct VerificationOptions {
    std::string id, customer, order, purpose = "data_change", contact, code, reason;
};

std::string verification_table(const VerificationJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const VerificationJson& each : list.is_array() ? list : VerificationJson::array({list}))
        rows.push_back({text_of(each["id"]), text_of(each["number"]), text_of(each["purpose"]), text_of(each["state"]),
                        text_of(each["delivery"]), text_of(each["next"]), text_of(each["opened_by"]),
                        text_of(each["expires_at"])});
    return format_table({"ID", "NUMBER", "PURPOSE", "STATE", "DELIVERY", "NEXT", "BY", "EXPIRES"}, rows);
}

std::string verification_answer(const VerificationJson& one) {
    return verification_table(one) + "answer " + text_of(one["answer"]) + ", next " + text_of(one["next"]) + "\n" +
           text_of(one["say"]) + "\n";
}

std::string blocked_table(const VerificationJson& list) {
    std::vector<std::vector<std::string>> rows;
    for (const VerificationJson& each : list)
        rows.push_back({text_of(each["address"]), text_of(each["channel"]), text_of(each["reason"]),
                        text_of(each["set_by"]), text_of(each["set_at"])});
    return format_table({"ADDRESS", "CHANNEL", "REASON", "BY", "SINCE"}, rows);
}

std::string verification_address(const VerificationOptions& o, const std::string& step) {
    return "/v1/verifications/" + path_segment(o.id) + (step.empty() ? "" : "/" + step);
}

int check_code(const Cli& cli, const VerificationOptions& o) {
    std::string code = o.code;
    if (code.empty()) {
        auto told = read_password();
        if (!told) return fail(told.error());
        code = *told;
    }
    return show(ApiClient(cli.target).change("POST", verification_address(o, "check"), {{"code", code}}), cli.json,
                verification_answer);
}

void add_steps(CLI::App& verification, Cli& cli, const std::shared_ptr<VerificationOptions>& o) {
    auto* start = verification.add_subcommand("start", "Send a code to the customer's mobile on file");
    start->add_option("--customer", o->customer, "His id; left out: the order's customer");
    start->add_option("--order", o->order, "The order it is for");
    start->add_option("--purpose", o->purpose, "What for")->capture_default_str();
    start->add_option("--contact", o->contact, "The call he is on");
    start->callback([&cli, o] {
        cli.run = [&cli, o] {
            const VerificationJson body = without_empty(
                {{"customer", o->customer}, {"order", o->order}, {"purpose", o->purpose}, {"contact", o->contact}});
            return show(ApiClient(cli.target).change("POST", "/v1/verifications", body), cli.json, verification_answer);
        };
    });
    auto* check = verification.add_subcommand("check", "The code that the caller read out");
    check->add_option("id", o->id, "The verification")->required();
    check->add_option("code", o->code, "Six digits; left out: read from standard input");
    check->callback([&cli, o] { cli.run = [&cli, o] { return check_code(cli, *o); }; });
    auto* resend = verification.add_subcommand("resend", "Send the same code once more");
    resend->add_option("id", o->id, "The verification")->required();
    resend->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).change("POST", verification_address(*o, "resend"), VerificationJson()),
                        cli.json, verification_answer);
        };
    });
    auto* unlock = verification.add_subcommand("unlock", "Give its number a new budget (supervisors)");
    unlock->add_option("id", o->id, "The verification")->required();
    unlock->add_option("--reason", o->reason, "Why")->required();
    unlock->callback([&cli, o] {
        cli.run = [&cli, o] {
            const VerificationJson body{{"reason", o->reason}};
            return show(ApiClient(cli.target).change("POST", verification_address(*o, "unlock"), body), cli.json,
                        verification_answer);
        };
    });
}

void add_verification_group(CLI::App& app, Cli& cli) {
    auto* verification = app.add_subcommand("verification", "A caller proves by a code that he is who the file says");
    verification->require_subcommand(1);
    const auto o = std::make_shared<VerificationOptions>();
    add_steps(*verification, cli, o);
    auto* one = verification->add_subcommand("show", "How a verification stands");
    one->add_option("id", o->id, "The verification")->required();
    one->callback([&cli, o] {
        cli.run = [&cli, o] {
            return show(ApiClient(cli.target).get(verification_address(*o, "")), cli.json, verification_table);
        };
    });
    auto* list = verification->add_subcommand("list", "Those of a customer or of an order");
    list->add_option("--customer", o->customer, "The customer");
    list->add_option("--order", o->order, "Or the order");
    list->callback([&cli, o] {
        cli.run = [&cli, o] {
            const std::string query = query_of({{"customer", o->customer}, {"order", o->order}});
            return show(items_of(ApiClient(cli.target).get("/v1/verifications" + query)), cli.json, verification_table);
        };
    });
}

struct BlockedOptions {
    std::string address, channel = "sms", reason, only;
};

void add_blocked_group(CLI::App& app, Cli& cli) {
    auto* blocked = app.add_subcommand("blocked", "Addresses nobody writes to; or add, remove");
    const auto o = std::make_shared<BlockedOptions>();
    blocked->add_option("--channel", o->only, "Only sms or email");
    blocked->require_subcommand(0, 1);
    blocked->callback([&cli, blocked, o] {
        if (!blocked->get_subcommands().empty()) return;
        cli.run = [&cli, o] {
            const std::string query = query_of({{"channel", o->only}, {"limit", "500"}});
            return show(items_of(ApiClient(cli.target).get("/v1/admin/blocked" + query)), cli.json, blocked_table);
        };
    });
    for (const bool on : {true, false}) {
        auto* command = blocked->add_subcommand(on ? "add" : "remove",
                                                on ? "Nobody writes there any more" : "It may be written to again");
        command->add_option("address", o->address, "Telephone number or e-mail address")->required();
        command->add_option("--channel", o->channel, "sms or email")->capture_default_str();
        command->add_option("--reason", o->reason, "Why")->required();
        command->callback([&cli, o, on] {
            cli.run = [&cli, o, on] {
                const VerificationJson body{
                    {"address", o->address}, {"channel", o->channel}, {"blocked", on}, {"reason", o->reason}};
                return done(ApiClient(cli.target).change("POST", "/v1/admin/blocked", body), cli.json,
                            o->address + (on ? " is not written to any more" : " may be written to again"));
            };
        });
    }
}

}  // namespace

void add_verification_commands(CLI::App& app, Cli& cli) {
    add_verification_group(app, cli);
    add_blocked_group(app, cli);
}

}  // namespace citybridge
