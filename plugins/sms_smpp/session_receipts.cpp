// What the centre delivers: receipts, answered when the node has them.
#include <algorithm>
#include <utility>

#include "core/api/delivery_text.h"
#include "plugins/sms_smpp/session.h"

namespace citybridge::sms_smpp {
namespace {

constexpr std::size_t kMostOwed = 1'000;
constexpr std::size_t kMostPutOff = 1'000;
// Host::take answers within a minute or not at all; the centre delivers again what was put off.
constexpr Millis kTakenWithin{65'000};

std::string answer_to(std::uint32_t command, std::uint32_t status, std::uint32_t sequence) {
    return encode(command | command::kResponse, status, sequence, std::string_view("\0", 1));  // an empty message id
}

InboundMessage report_of(const Receipt& receipt, const PartBook::Told& told, const std::string& instance, Now now) {
    InboundMessage out;
    out.source = instance;
    // The same for every delivery of one receipt: the centre repeats it until it is answered.
    out.id = receipt.id + ':' + receipt.word + ':' + receipt.done_at;
    out.sent_at = now.wall;
    out.type = "sms.report";
    out.data["external_id"] = told.external_id;
    if (!told.message.empty()) out.data["message"] = told.message;
    out.data["state"] = told.state;
    out.data["code"] = receipt.error.empty() ? receipt.word : receipt.error;
    std::string detail = receipt.word;
    if (told.parts > 1) {
        out.data["part"] = told.part;
        out.data["parts"] = told.parts;
        detail = "part " + std::to_string(told.part) + " of " + std::to_string(told.parts) + ": " + detail;
    }
    out.data["detail"] = detail;
    return out;
}

}  // namespace

void Session::on_delivered(const Pdu& pdu, Now now) {
    const auto answer = [&](std::uint32_t status) { output_.write += answer_to(pdu.command, status, pdu.sequence); };
    if (state_ != State::bound) return answer(status::kWrongBindState);
    const auto delivered = pdu.command == command::kDeliverSm ? read_deliver_sm(pdu.body) : read_data_sm(pdu.body);
    if (!delivered) return answer(status::kInvalidParameterLength);
    const auto receipt = read_receipt(*delivered, settings_.receipt_ids);
    if (!receipt) {
        if (!std::exchange(told_of_messages_, true))
            output_.log.push_back({LogLevel::warning, "smpp.not_a_receipt",
                                   "the centre delivers messages that are no receipts; they are rejected, and this is "
                                   "said once"});
        return answer(status::kReceiverReject);
    }
    if (owed_.size() >= kMostOwed) return answer(status::kReceiverTemporary);
    const PartBook::Told told = book_.receipt(receipt->id, receipt->state);
    InboundMessage report = report_of(*receipt, told, settings_.instance, now);
    report.sent_at = first_seen(report.id, now);
    owed_.emplace(++number_, OwedAnswer{pdu.command, pdu.sequence, now.mono + kTakenWithin, report.id});
    output_.offered.push_back({number_, std::move(report)});
}

// The node waits some minutes for the message that a receipt is of, then refuses it for good. Were each delivery of one
// receipt new, the centre would repeat a receipt of a foreign message for ever.
WallTime Session::first_seen(const std::string& report, Now now) {
    if (put_off_.size() >= kMostPutOff) {
        const auto oldest = std::min_element(put_off_.begin(), put_off_.end(),
                                             [](const auto& a, const auto& b) { return a.second < b.second; });
        put_off_.erase(oldest);
    }
    return put_off_.try_emplace(report, now.wall).first->second;
}

void Session::taken(std::uint64_t number, const Result<>& answer, Now) {
    const auto found = owed_.find(number);
    if (found == owed_.end()) return;  // of a connection that is gone: the centre delivers it again
    const OwedAnswer owed = found->second;
    owed_.erase(found);
    std::uint32_t status = status::kOk;
    if (answer) put_off_.erase(owed.report);
    if (!answer) {
        const std::string& code = answer.error().code;
        const bool for_good = code == "hook.not_understood" || code == "hook.too_old";
        status = for_good ? status::kReceiverReject : status::kReceiverTemporary;
        if (for_good) put_off_.erase(owed.report);
    }
    output_.write += answer_to(owed.command, status, owed.sequence);
}

void Session::expire_owed(Now now) {
    while (!owed_.empty() && owed_.begin()->second.until <= now.mono) {
        const OwedAnswer owed = owed_.begin()->second;
        owed_.erase(owed_.begin());
        output_.write += answer_to(owed.command, status::kReceiverTemporary, owed.sequence);
    }
}

}  // namespace citybridge::sms_smpp
