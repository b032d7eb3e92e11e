#include "core/desk/flow_file.h"

#include <algorithm>
#include <filesystem>

#include "core/desk/flow_check.h"
#include "core/desk/flow_reader.h"

namespace citybridge::desk {
namespace {

using Read = void (*)(FlowReader&, XmlElement&, pugi::xml_node);
struct Part {
    std::string_view name;
    Read read;
};
constexpr Part kParts[] = {
    {"field", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.field(xml, node); }},
    {"state", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.state(xml, node); }},
    {"action", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.action(xml, node); }},
    {"follow_up", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.follow_up(xml, node); }},
    {"erp", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.erp(xml, node); }},
    {"script", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.script(xml, node); }},
    {"chain", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.chain(xml, node); }},
    {"escalation", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.escalation(xml, node); }},
    {"tell", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.tell(xml, node); }},
    {"template", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.message(xml, node); }},
    {"decision", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.decision(xml, node); }},
    {"assign", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.assign(xml, node); }},
    {"approval", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.approval(xml, node); }},
    {"recurrence", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.recurrence(xml, node); }},
    {"visible", [](FlowReader& r, XmlElement& xml, pugi::xml_node node) { r.visible(xml, node); }},
};

std::string all_parts() {
    std::string out;
    for (const Part& part : kParts) out += (out.empty() ? "" : ", ") + std::string(part.name);
    return out;
}

std::optional<Flow> read_flow(const XmlFile& file, Problems& problems) {
    const std::size_t before = problems.size();
    FlowReader reader{file, problems, {}};
    XmlElement root(file, file.root(), problems);
    if (root.name() != "flow") {
        root.problem("", "a flow's file holds one <flow>, not <" + std::string(root.name()) + ">");
        return std::nullopt;
    }
    Flow& flow = reader.flow;
    flow.where = root.where();
    flow.at = root.places();
    flow.source = file.text();
    flow.kind = root.word("kind");
    flow.version = root.integer("version", 1, 1'000'000, 1, true);
    flow.title = root.text("title");
    flow.open_roles = root.words("open_roles", true);
    flow.note_roles = root.words("note_roles", true);
    flow.calendar = root.text("calendar", false);
    flow.owner_required = root.yes("owner_required") || !root.has("owner_required");
    flow.idle_after = reader.term_of(root, "idle_after", false);
    root.finish();
    reader.read_parts();
    // What follows from a wrong word would only repeat it.
    if (problems.size() == before) check_flow(flow, problems);
    if (problems.size() != before) return std::nullopt;
    prepare_flow(flow);
    return std::move(flow);
}

}  // namespace

// Fields first: what is set or compared is read by their types, wherever they stand.
void FlowReader::read_parts() {
    for (const bool fields : {true, false}) {
        if (!fields) sums();
        for (const auto& child : children(file.root())) {
            XmlElement xml(file, child, problems);
            if ((xml.name() == "field") != fields) continue;
            const auto part = std::find_if(std::begin(kParts), std::end(kParts),
                                           [&](const Part& known) { return known.name == xml.name(); });
            if (part == std::end(kParts))
                unknown(xml, all_parts());
            else
                part->read(*this, xml, child);
        }
    }
}

void FlowReader::none_inside(pugi::xml_node node) {
    for (const auto& child : children(node))
        problems.push_back({file.where(child), "<" + std::string(node.name()) + "> holds no other elements; remove <" +
                                                   std::string(child.name()) + ">"});
}

void FlowReader::unknown(XmlElement& xml, const std::string& known) {
    xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use one of: " + known);
}

std::optional<Flow> parse_flow(const std::string& shown, std::string text, Problems& problems) {
    const auto file = XmlFile::parse(shown, std::move(text), problems);
    return file ? read_flow(*file, problems) : std::nullopt;
}

FlowSet load_flows(const std::string& dir, Problems& problems) {
    const std::size_t before = problems.size();
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
    FlowSet out(std::move(flows));
    // A flow that could not be read is missing only because of its own mistake.
    if (problems.size() == before) check_flows(out, problems);
    return out;
}

}  // namespace citybridge::desk
