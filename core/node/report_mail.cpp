#include "core/node/report_mail.h"

#include <filesystem>
#include <fstream>

#include "core/gateway/crypto.h"

namespace citybridge {
namespace {

using MailJson = nlohmann::ordered_json;
constexpr const char* kMailKind = "tell_email";

struct Mailbox {
    std::string name, email;
};

std::string behind(const std::string& text, std::string_view word) {
    return text.starts_with(word) ? text.substr(word.size()) : std::string();
}

// Whose turn it is in an entry, the person of a user, or an address as it stands.
Mailbox mailbox_of(const desk::FlowBook& book, const std::string& city, desk::LocalDay today, const std::string& to) {
    if (const std::string user = behind(to, "user:"); !user.empty()) {
        const desk::Person* person = book.directory.of_user(user);
        return person == nullptr ? Mailbox{user, {}} : Mailbox{person->name, person->email};
    }
    const std::string name = behind(to, "directory:");
    if (name.empty()) return {{}, to};
    const desk::DirectoryEntry* entry = book.directory.find(name, city);
    if (entry != nullptr)
        for (const desk::Person& person : entry->people)
            if (person.serves(today) && !person.email.empty()) return {person.name, person.email};
    return {name, {}};
}

std::string media_type_of(const std::filesystem::path& path) {
    if (path.extension() == ".csv") return "text/csv; charset=utf-8";
    if (path.extension() == ".json") return "application/json";
    return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

Result<MailJson> attachments_of(const MailJson& files) {
    MailJson out = MailJson::array();
    std::size_t all = 0;
    for (const MailJson& each : files) {
        const std::filesystem::path path = each.get<std::string>();
        std::error_code trouble;
        const auto size = std::filesystem::file_size(path, trouble);
        std::ifstream in(path, std::ios::binary);
        if (trouble || !in)
            return Error{"report.gone", path.string() + " cannot be read any more; make the report again by hand"};
        all += size;
        if (all > kMostAttached)
            return Error{"report.too_big",
                         "the files of this report have more than 10 MiB, which no mail takes; fetch "
                         "them from the folder of the reports"};
        const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
        out.push_back(
            {{"name", path.filename().string()}, {"type", media_type_of(path)}, {"base64", gateway::to_base64(bytes)}});
    }
    return out;
}

std::string member(const MailJson& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::vector<OutboxRecord> report_mails(const MadeReport& made, const desk::FlowBook& book, WallTime now) {
    std::vector<OutboxRecord> out;
    const auto connector = book.channels.find("email");
    if (connector == book.channels.end()) return out;
    const bool english = made.report.schedule->language == "en";
    for (const std::string& to : made.report.schedule->mail_to) {
        const MailJson payload{
            {"report", made.report.name}, {"to", to},         {"subject", english ? made.report.en : made.report.zh},
            {"from", made.from},          {"until", made.to}, {"text", made.text},
            {"files", made.files}};
        OutboxRecord row;
        row.id = made.id + ".mail." + std::to_string(out.size() + 1);
        row.destination = connector->second;
        row.key = "report." + made.report.name;
        row.kind = kMailKind;
        row.payload = payload.dump();
        row.created_at = row.next_at = row.updated_at = now;
        out.push_back(std::move(row));
    }
    return out;
}

bool is_report_mail(const OutboxRecord& message) {
    return message.kind == kMailKind && message.order.empty() && message.key.starts_with("report.");
}

Result<std::string> render_report_mail(const desk::FlowBook& book, const std::string& city, desk::LocalDay today,
                                       const OutboxRecord& message) {
    const MailJson payload = MailJson::parse(message.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("files"))
        return Error{"report.gone", "message " + message.id + " names no report's files any more"};
    const Mailbox box = mailbox_of(book, city, today, member(payload, "to"));
    if (box.email.empty())
        return Error{"tell.no_address",
                     "nobody knows an e-mail address of " + member(payload, "to") + "; put it into the directory"};
    auto attachments = attachments_of(payload["files"]);
    if (!attachments) return attachments.error();
    const MailJson out{{"channel", "email"},
                       {"to", box.email},
                       {"name", box.name},
                       {"subject", member(payload, "subject") + " " + member(payload, "text")},
                       {"text", member(payload, "subject") + "\n" + member(payload, "text") + "\n"},
                       {"order", ""},
                       {"kind", "report"},
                       {"attachments", std::move(*attachments)}};
    return out.dump(-1, ' ', false, MailJson::error_handler_t::replace);
}

}  // namespace citybridge
