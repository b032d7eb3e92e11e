// Recordings of a contact: what there is, and the bytes.
#include <prometheus/counter.h>

#include <algorithm>
#include <array>

#include "core/api/model_json.h"
#include "core/gateway/byte_range.h"
#include "core/gateway/handlers.h"
#include "core/gateway/http_codec.h"
#include "core/gateway/paging.h"
#include "core/gateway/problem.h"

namespace citybridge::gateway {
namespace {

using Json = nlohmann::ordered_json;

// What is known of a contact here, whether it is live or from the journal.
struct Recorded {
    Json recordings = Json::array();  // as in the contact's JSON
    std::vector<std::string> agents;  // who talked in it; a phone that only rang heard nothing
};

Recorded recorded_of(const Json& contact) {
    Recorded out;
    // A contact of an erased person is an empty object.
    if (!contact.is_object()) return out;
    if (const auto found = contact.find("recordings"); found != contact.end() && found->is_array())
        out.recordings = *found;
    const auto legs = contact.find("legs");
    if (legs == contact.end() || !legs->is_array()) return out;
    for (const Json& leg : *legs)
        if (leg.value("joined_at", Json()).is_string() && leg.value("agent", Json()).is_string())
            out.agents.push_back(leg["agent"].get<std::string>());
    return out;
}

Result<Recorded> look_up(const Call& call) {
    const std::string& id = call.params[0];
    const auto snapshot = call.services.live.snapshot();
    if (!snapshot) return snapshot.error();
    for (const auto* list : {&snapshot->contacts, &snapshot->ended})
        for (const ContactPtr& contact : *list)
            if (contact->id == id) return recorded_of(to_json(*contact));
    const auto row = call.services.durable.readers().journal_entry(id);
    if (!row) return row.error();
    if (!*row) return Error{"contact.unknown", "No contact with this id."};
    return recorded_of(Json::parse((*row)->body, nullptr, false));
}

bool has(const std::vector<std::string>& list, const std::string& item) {
    return !item.empty() && std::find(list.begin(), list.end(), item) != list.end();
}

// A voice is more than a name on a list: an agent hears what he said himself, a team lead what his groups said.
bool may_hear(const User& user, const std::vector<std::string>& agents, const SessionStore& sessions) {
    if (user.role == Role::supervisor || user.role == Role::quality || user.role == Role::admin) return true;
    if (has(agents, user.agent)) return user.role == Role::agent || user.role == Role::team_lead;
    if (user.role != Role::team_lead || user.groups.empty()) return false;
    const std::vector<User> users = sessions.users();
    return std::any_of(users.begin(), users.end(), [&](const User& other) {
        return has(agents, other.agent) && std::any_of(other.groups.begin(), other.groups.end(),
                                                       [&](const auto& group) { return has(user.groups, group); });
    });
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kMediaTypes{{{"wav", "audio/wav"},
                                                                                     {"mp3", "audio/mpeg"},
                                                                                     {"ogg", "audio/ogg"},
                                                                                     {"opus", "audio/ogg"},
                                                                                     {"oga", "audio/ogg"},
                                                                                     {"flac", "audio/flac"},
                                                                                     {"m4a", "audio/mp4"},
                                                                                     {"mp4", "video/mp4"},
                                                                                     {"webm", "audio/webm"},
                                                                                     {"au", "audio/basic"},
                                                                                     {"ulaw", "audio/basic"},
                                                                                     {"ul", "audio/basic"},
                                                                                     {"pcm", "audio/basic"},
                                                                                     {"gsm", "audio/gsm"}}};

std::string name_of(std::string_view file) { return std::string(file.substr(file.find_last_of('/') + 1)); }

std::string_view media_type(std::string_view file) {
    const std::size_t dot = file.find_last_of("./");
    if (dot == std::string_view::npos || file[dot] == '/') return "application/octet-stream";
    std::string ending(file.substr(dot + 1));
    for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    for (const auto& [known, type] : kMediaTypes)
        if (known == ending) return type;
    return "application/octet-stream";
}

// Who heard what is asked for years later: one line for every attempt, whatever came of it.
void note_access(const Call& call, std::string_view recording, std::string_view file, int status) {
    prometheus::BuildCounter()
        .Name("citybridge_recording_requests_total")
        .Help("Requests for the bytes of a recording, by status.")
        .Register(call.services.metrics)
        .Add({{"status", std::to_string(status)}})
        .Increment();
    if (!call.services.hooks.log) return;
    const std::string* range = call.request.header("range");
    const auto quoted = [](std::string_view text) { return dump(Json(text)); };
    call.services.hooks.log(
        LogLevel::info, "recording.access",
        "user=" + quoted(call.user().user.name) + " role=" + std::string(to_string(call.user().user.role)) +
            " peer=" + call.request.peer + " method=" + call.request.method + " contact=" + quoted(call.params[0]) +
            " recording=" + quoted(recording) + " file=" + quoted(file) + " range=" + quoted(range ? *range : "") +
            " status=" + std::to_string(status));
}

HttpResponse response_of(RecordingAnswer answer, const std::string& file) {
    HttpResponse response;
    if (answer.status == 416)
        response = problem("recording.bad_range",
                           "The recording has " + std::to_string(answer.size) + " bytes; none of them is in the range.")
                       .with("Content-Range", content_range_of_none(answer.size));
    else
        response.with("Content-Type", std::string(media_type(file)))
            .with("Content-Disposition", "inline; filename*=UTF-8''" + percent_encode(name_of(file)));
    response.status = answer.status;
    response.with("Accept-Ranges", "bytes");
    if (!answer.etag.empty()) response.with("ETag", answer.etag);
    if (!answer.last_modified.empty()) response.with("Last-Modified", answer.last_modified);
    if (answer.status == 206) response.with("Content-Range", content_range(answer.slice, answer.size));
    response.source = std::move(answer.body);
    return response;
}

HttpResponse send(const Call& call, const std::string& file) {
    RecordingsPort* const port = call.services.hooks.recordings;
    if (port == nullptr)
        return problem("recording.not_configured", "The node's configuration has no <recordings> with mount or url.");
    RecordingAsk ask;
    ask.file = file;
    ask.head = call.request.method == "HEAD";
    if (const std::string* range = call.request.header("range"); range && !ask.head) ask.range = parse_range(*range);
    if (const std::string* condition = call.request.header("if-range")) ask.if_range = *condition;
    auto answer = port->open(ask);
    return answer ? response_of(std::move(*answer), file) : problem(answer.error());
}

// The recordings' list of a contact, if the caller may hear them.
Result<Json> allowed(const Call& call) {
    auto found = look_up(call);
    if (!found) return found.error();
    // The same answer for one that exists but is not his to hear.
    if (!may_hear(call.user().user, found->agents, call.services.sessions))
        return Error{"contact.unknown", "No contact with this id, or none whose recordings are yours to hear."};
    return std::move(found->recordings);
}

HttpResponse play(const Call& call, const Json& recordings, const std::function<bool(const Json&)>& wanted) {
    const auto found = std::find_if(recordings.begin(), recordings.end(), wanted);
    if (found == recordings.end()) return problem("recording.unknown", "The contact has no such recording.");
    const std::string file = found->value("file", "");
    HttpResponse response = send(call, file);
    note_access(call, found->value("id", ""), file, response.status);
    return response;
}

// A player that knows the contact alone asks for sound, or for a part of it, where a program asks for the list.
bool wants_sound(const HttpRequest& request) {
    if (request.header("range") != nullptr) return true;
    const std::string* accept = request.header("accept");
    return accept != nullptr && accept->find("audio/") != std::string::npos &&
           accept->find("json") == std::string::npos;
}

}  // namespace

HttpResponse get_recordings(const Call& call) {
    const auto recordings = allowed(call);
    if (wants_sound(call.request)) {
        if (recordings) return play(call, *recordings, [](const Json&) { return true; });
        HttpResponse refused = problem(recordings.error());
        note_access(call, "", "", refused.status);
        return refused;
    }
    if (!recordings) return problem(recordings.error());
    Json items = Json::array();
    for (const Json& recording : *recordings) {
        Json item = recording;
        item["media_type"] = media_type(recording.value("file", ""));
        item["url"] = "/v1/contacts/" + percent_encode(call.params[0]) + "/recordings/" +
                      percent_encode(recording.value("id", ""));
        items.push_back(std::move(item));
    }
    return page_response(std::move(items), {});
}

HttpResponse get_recording(const Call& call) {
    const auto recordings = allowed(call);
    if (recordings)
        return play(call, *recordings,
                    [&](const Json& recording) { return recording.value("id", "") == call.params[1]; });
    HttpResponse refused = problem(recordings.error());
    note_access(call, call.params[1], "", refused.status);
    return refused;
}

}  // namespace citybridge::gateway
