#pragma once
// Scheduled reports by mail. The outbox row names the report's files and who is meant; what is in the files, and his
// address if he is of the directory, is put into the message when it is sent.
#include <string>
#include <vector>

#include "core/desk/flow_book.h"
#include "core/reports/definitions.h"

namespace citybridge {

inline constexpr std::size_t kMostAttached = 10U << 20U;  // bytes of all files of one mail

struct MadeReport {
    const reports::Report& report;
    std::string from, to;            // of the period, RFC 3339
    std::string text;                // of the mail
    std::vector<std::string> files;  // paths
    std::string id;                  // of its messages, without the recipient: the same however often it is made
};

// One message for each recipient of the schedule, for the connector that carries e-mail; none if there is none.
std::vector<OutboxRecord> report_mails(const MadeReport& made, const desk::FlowBook& book, WallTime now);

bool is_report_mail(const OutboxRecord& message);
// What the connector gets, as of core/desk/render.h, with {"attachments": [{"name", "type", "base64"}]}. Codes
// "tell.no_address", "report.gone" (a file is not there any more), "report.too_big".
Result<std::string> render_report_mail(const desk::FlowBook& book, const std::string& city, desk::LocalDay today,
                                       const OutboxRecord& message);

}  // namespace citybridge
