#include "core/desk/flow_file.h"

#include <algorithm>
#include <filesystem>

#include "core/desk/flow_check.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

constexpr std::string_view kTypes = "text, integer, boolean, choice, date, phone";

std::optional<FieldType> field_type(std::string_view word) {
    if (word == "text") return FieldType::text;
    if (word == "integer") return FieldType::integer;
    if (word == "boolean") return FieldType::boolean;
    if (word == "choice") return FieldType::choice;
    if (word == "date") return FieldType::date;
    if (word == "phone") return FieldType::phone;
    return std::nullopt;
}

class Reader {
public:
    Reader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    Flow read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "flow") {
            root.problem("", "a flow's file holds one <flow>, not <" + std::string(root.name()) + ">");
            return {};
        }
        flow_.where = root.where();
        flow_.kind = root.word("kind");
        places_.kind = root.where("kind");
        flow_.version = root.integer("version", 1, 1'000'000, 1, true);
        flow_.title = root.text("title");
        flow_.open_roles = root.words("open_roles", true);
        flow_.note_roles = root.words("note_roles", true);
        places_.open_roles = root.where("open_roles");
        places_.note_roles = root.where("note_roles");
        root.finish();
        for (const auto& child : children(file_.root())) element(child);
        return std::move(flow_);
    }

    const FlowPlaces& places() const { return places_; }

private:
    void element(pugi::xml_node node) {
        XmlElement xml(file_, node, problems_);
        if (xml.name() == "field") return field(xml, node);
        if (xml.name() == "state") return state(xml, node);
        if (xml.name() == "action") return action(xml, node);
        if (xml.name() == "follow_up") return follow_up(xml, node);
        if (xml.name() == "erp") return erp(xml, node);
        unknown(xml, "field, state, action, follow_up, erp");
    }

    void field(XmlElement& xml, pugi::xml_node node) {
        FieldDef def;
        def.name = xml.word("name");
        def.title = xml.text("title");
        const std::string type = xml.text("type");
        if (const auto known = field_type(type))
            def.type = *known;
        else if (!type.empty())
            xml.problem("type", "\"" + type + "\" is no type of a field; use one of: " + std::string(kTypes));
        def.required = xml.yes("required");
        const bool free_text = def.type == FieldType::text || def.type == FieldType::phone;
        def.personal = xml.yes("personal") || (free_text && !xml.has("personal"));
        def.max_length = static_cast<std::size_t>(xml.integer("max_length", 1, 10'000, 1'000));
        def.choices = xml.words("choices");
        if ((def.type == FieldType::choice) == def.choices.empty())
            xml.problem("choices", "a field of type choice, and no other, needs choices=\"one two\"");
        if (xml.has("max_length") && def.type != FieldType::text)
            xml.problem("max_length", "only a field of type text has a max_length; remove it");
        xml.finish();
        none_inside(node);
        flow_.fields.push_back(std::move(def));
        places_.fields.push_back(xml.where("name"));
    }

    void state(XmlElement& xml, pugi::xml_node node) {
        StateDef def;
        def.name = xml.word("name");
        def.title = xml.text("title");
        def.initial = xml.yes("initial");
        def.closed = xml.yes("closed");
        xml.finish();
        none_inside(node);
        flow_.states.push_back(std::move(def));
        places_.states.push_back(xml.where("name"));
    }

    void action(XmlElement& xml, pugi::xml_node node) {
        ActionDef def;
        ActionPlaces at;
        def.name = xml.word("name");
        def.title = xml.text("title");
        def.from = xml.words("from", true);
        def.to = xml.text("to", false);
        def.roles = xml.words("roles", true);
        def.required_fields = xml.words("required_fields");
        def.optional_fields = xml.words("optional_fields");
        def.note_required = xml.yes("note_required");
        at = {xml.where("name"),
              xml.where("from"),
              xml.where("to"),
              xml.where("roles"),
              xml.where("required_fields"),
              xml.where("optional_fields")};
        xml.finish();
        none_inside(node);
        flow_.actions.push_back(std::move(def));
        places_.actions.push_back(at);
    }

    void follow_up(XmlElement& xml, pugi::xml_node node) {
        FollowUpDef def;
        def.name = xml.word("name");
        def.question = xml.text("question");
        const std::string after = xml.text("after");
        if (const auto duration = duration_of(after))
            def.after = *duration;
        else if (!after.empty())
            xml.problem("after", "after must be one number with s, min or h, such as \"2h\", not \"" + after + "\"");
        const std::string at = xml.text("next_day_at", false);
        if (!at.empty()) def.next_day_at = time_of_day(at);
        if (!at.empty() && !def.next_day_at)
            xml.problem("next_day_at", "next_day_at must be a time such as \"10:30\", not \"" + at + "\"");
        def.due_state = xml.text("due_state", false);
        def.set_by = xml.words("set_by", true);
        def.settled_by = xml.words("settled_by", true);
        const auto open = std::find(def.set_by.begin(), def.set_by.end(), "open");
        def.set_on_open = open != def.set_by.end();
        if (def.set_on_open) def.set_by.erase(open);
        places_.follow_ups.push_back(
            {xml.where("name"), xml.where("due_state"), xml.where("set_by"), xml.where("settled_by")});
        xml.finish();
        none_inside(node);
        flow_.follow_ups.push_back(std::move(def));
    }

    void erp(XmlElement& xml, pugi::xml_node node) {
        ErpDef def;
        std::vector<Position> at;
        def.where = xml.where();
        def.connector = xml.text("connector");
        def.hooks = xml.words("hooks");
        xml.finish();
        for (const auto& child : children(node)) {
            XmlElement send(file_, child, problems_);
            if (send.name() != "send") {
                unknown(send, "send");
                continue;
            }
            def.sends.push_back({send.text("on"), send.word("message")});
            at.push_back(send.where("on"));
            send.finish();
            none_inside(child);
        }
        flow_.erps.push_back(std::move(def));
        places_.sends.push_back(std::move(at));
    }

    void none_inside(pugi::xml_node node) {
        for (const auto& child : children(node))
            problems_.push_back({file_.where(child), "<" + std::string(node.name()) +
                                                         "> holds no other elements; remove <" +
                                                         std::string(child.name()) + ">"});
    }

    void unknown(XmlElement& xml, const std::string& known) {
        xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use one of: " + known);
    }

    const XmlFile& file_;
    Problems& problems_;
    Flow flow_;
    FlowPlaces places_;
};

std::optional<Flow> read_flow(const XmlFile& file, Problems& problems) {
    const std::size_t before = problems.size();
    Reader reader(file, problems);
    Flow flow = reader.read();
    // What follows from a wrong word would only repeat it.
    if (problems.size() == before) check_flow(flow, reader.places(), problems);
    if (problems.size() != before) return std::nullopt;
    return flow;
}

}  // namespace

std::optional<Flow> parse_flow(const std::string& shown, std::string text, Problems& problems) {
    const auto file = XmlFile::parse(shown, std::move(text), problems);
    return file ? read_flow(*file, problems) : std::nullopt;
}

FlowSet load_flows(const std::string& dir, Problems& problems) {
    std::error_code error;
    std::vector<std::string> paths;
    for (auto it = std::filesystem::directory_iterator(dir, error);
         !error && it != std::filesystem::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".xml") paths.push_back(it->path().string());
    if (error) problems.push_back({{dir, 1, 1}, "cannot read the folder of flows: " + error.message()});
    if (!error && paths.empty())
        problems.push_back({{dir, 1, 1}, "there is no flow in this folder; put at least one *.xml into it"});
    std::sort(paths.begin(), paths.end());
    std::vector<Flow> flows;
    for (const std::string& path : paths) {
        const auto file = XmlFile::read(path, std::nullopt, problems);
        auto flow = file ? read_flow(*file, problems) : std::nullopt;
        if (!flow) continue;
        const auto same = [&](const Flow& other) { return other.kind == flow->kind; };
        if (const auto it = std::find_if(flows.begin(), flows.end(), same); it != flows.end())
            problems.push_back({flow->where, "kind \"" + flow->kind + "\" is defined in " + it->where.file +
                                                 " already; one file per kind"});
        flows.push_back(std::move(*flow));
    }
    return FlowSet(std::move(flows));
}

}  // namespace citybridge::desk
