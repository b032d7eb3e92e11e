// Stories as files: which step knows which words.
#include <algorithm>
#include <array>
#include <filesystem>

#include "core/desk/story.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

struct Shape {
    std::string_view what;
    std::string_view inside;    // elements that may hold it
    std::string_view required;  // attributes
    std::string_view optional;
};
// One row per element; an attribute that is in no row is a mistake in the file.
constexpr std::array kShapes{
    Shape{"variant", "story", "select attribute", "value"},
    Shape{"at", "story", "time", ""},
    Shape{"pass", "story", "time", ""},
    Shape{"down", "story", "until", ""},
    Shape{"open", "story", "by", "as kind phone name note owner group refused"},
    Shape{"act", "story", "by order action", "note refused"},
    Shape{"note", "story", "by order text", "refused"},
    Shape{"assign", "story", "by order", "owner group refused"},
    Shape{"acknowledge", "story", "by order", "refused"},
    Shape{"approve", "story", "by order", "note refused"},
    Shape{"reject", "story", "by order", "note refused"},
    Shape{"erp", "story", "order action", "note number result from refused"},
    Shape{"verify", "story", "by order purpose", "refused"},
    Shape{"resend_code", "story", "by order", "refused"},
    Shape{"check_code", "story", "by order code", "refused"},
    Shape{"delivered", "story", "order message", "number"},
    Shape{"undelivered", "story", "order message", "code"},
    Shape{"expect", "story", "", "order state owner group closed kind external same_as"},
    Shape{"count", "story", "is", "kind state owner group field value"},
    Shape{"field", "open act erp expect", "name", "value"},
    Shape{"due", "expect", "follow_up", "at state"},
    Shape{"not_due", "expect", "follow_up", ""},
    Shape{"told", "expect", "", "to by message count"},
    Shape{"sent", "expect", "to message", "count has"},
    Shape{"history", "expect", "action", "count by"},
    Shape{"chain", "expect", "name", "person position"},
    Shape{"may", "expect", "by", "do not"},
};

const Shape* shape_of(std::string_view what, std::string_view inside) {
    for (const Shape& shape : kShapes) {
        if (shape.what != what) continue;
        const auto parents = split_words(shape.inside);
        if (std::find(parents.begin(), parents.end(), inside) != parents.end()) return &shape;
    }
    return nullptr;
}

class StoryReader {
public:
    StoryReader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    StoryFile read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "stories")
            root.problem("", "a file of stories holds one <stories>, not <" + std::string(root.name()) + ">");
        out_.file = file_.name();
        out_.kind = root.word("flow");
        out_.calendar = root.word("calendar");
        out_.city = root.word("city", false);
        if (out_.city.empty()) out_.city = "beijing";
        root.finish();
        for (const auto& child : children(file_.root())) element(child);
        return std::move(out_);
    }

private:
    void element(pugi::xml_node node) {
        XmlElement xml(file_, node, problems_);
        if (xml.name() == "person") {
            StoryPerson person{xml.word("name"), xml.word("role"), xml.words("groups")};
            xml.finish();
            return out_.people.push_back(std::move(person));
        }
        if (xml.name() != "story")
            return xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use one of: person, story");
        Story story;
        story.title = xml.text("title");
        story.rule = xml.text("rule");
        story.where = xml.where();
        xml.finish();
        for (const auto& child : children(node)) {
            StoryStep read = step(child, "story");
            (read.what == "variant" ? story.variants : story.steps).push_back(std::move(read));
        }
        out_.stories.push_back(std::move(story));
    }

    StoryStep step(pugi::xml_node node, std::string_view inside) {
        XmlElement xml(file_, node, problems_);
        StoryStep out;
        out.what = xml.name();
        out.where = xml.where();
        const Shape* shape = shape_of(out.what, inside);
        if (shape == nullptr) {
            xml.problem("",
                        "<" + out.what + "> is unknown in <" + std::string(inside) + ">; see docs/flows/stories.md");
            return out;
        }
        for (const std::string& name : split_words(shape->required)) out.words[name] = xml.text(name);
        for (const std::string& name : split_words(shape->optional)) {
            const bool given = xml.has(name);
            // An empty value is one, too: owner="" says that nobody has it.
            std::string value = given ? std::string(node.attribute(name.c_str()).value()) : std::string();
            if (given) out.words[name] = std::move(value);
        }
        refuse_unknown(node, *shape);
        for (const auto& child : children(node)) out.parts.push_back(step(child, out.what));
        return out;
    }

    void refuse_unknown(pugi::xml_node node, const Shape& shape) {
        std::vector<std::string> known = split_words(shape.required);
        for (std::string& name : split_words(shape.optional)) known.push_back(std::move(name));
        for (const auto& attribute : node.attributes())
            if (std::find(known.begin(), known.end(), attribute.name()) == known.end())
                problems_.push_back({file_.where(attribute), "<" + std::string(node.name()) + "> knows no attribute " +
                                                                 attribute.name() + "; remove it"});
    }

    const XmlFile& file_;
    Problems& problems_;
    StoryFile out_;
};

std::vector<std::string> xml_files(const std::string& dir, Problems& problems) {
    std::error_code error;
    std::vector<std::string> paths;
    for (auto it = std::filesystem::directory_iterator(dir, error);
         !error && it != std::filesystem::directory_iterator(); it.increment(error))
        if (it->path().extension() == ".xml") paths.push_back(it->path().string());
    if (error) problems.push_back({{dir, 1, 1}, "cannot read this folder: " + error.message()});
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

const std::string& StoryStep::operator[](std::string_view name) const {
    static const std::string none;
    const auto it = words.find(name);
    return it == words.end() ? none : it->second;
}

StoryFile parse_stories(const std::string& shown, std::string text, Problems& problems) {
    const auto file = XmlFile::parse(shown, std::move(text), problems);
    return file ? StoryReader(*file, problems).read() : StoryFile{};
}

std::vector<StoryFile> load_stories(const std::string& dir, Problems& problems) {
    std::vector<StoryFile> out;
    for (const std::string& path : xml_files(dir, problems)) {
        const auto file = XmlFile::read(path, std::nullopt, problems);
        if (file) out.push_back(StoryReader(*file, problems).read());
    }
    return out;
}

}  // namespace citybridge::desk
