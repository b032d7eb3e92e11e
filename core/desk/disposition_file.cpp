// The tree of dispositions from its file.
#include <map>

#include "core/desk/centre.h"
#include "core/desk/xml_element.h"

namespace citybridge::desk {
namespace {

constexpr std::size_t kDeepestTree = 16;

const Disposition* find_in(const std::vector<Disposition>& entries, std::string_view code) {
    for (const Disposition& entry : entries) {
        if (entry.code == code) return &entry;
        if (const Disposition* below = find_in(entry.children, code)) return below;
    }
    return nullptr;
}

class DispositionReader {
public:
    DispositionReader(const XmlFile& file, Problems& problems) : file_(file), problems_(problems) {}

    DispositionTree read() {
        XmlElement root(file_, file_.root(), problems_);
        if (root.name() != "dispositions") {
            root.problem("", "a file of dispositions holds one <dispositions>, not <" + std::string(root.name()) + ">");
            return {};
        }
        root.finish();
        DispositionTree tree;
        level(file_.root(), "", 1, tree.roots);
        if (tree.roots.empty())
            root.problem("", "there is no <disposition> in it; add at least one, or leave the setting out");
        return tree;
    }

private:
    void level(pugi::xml_node parent, const std::string& path, std::size_t depth, std::vector<Disposition>& into) {
        std::map<std::string, Position> titles;
        for (const auto& node : children(parent)) {
            XmlElement xml(file_, node, problems_);
            if (xml.name() != "disposition") {
                xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; use disposition");
                continue;
            }
            if (depth > kDeepestTree) {
                xml.problem("",
                            "the tree is more than " + std::to_string(kDeepestTree) + " levels deep; make it flatter");
                continue;
            }
            into.push_back(entry(xml, node, path, depth));
            const Disposition& made = into.back();
            if (!made.title.empty() && !titles.emplace(made.title, xml.where("title")).second)
                xml.problem("title",
                            "\"" + made.title + "\" is there twice on this level; agents could not tell them apart");
        }
    }

    Disposition entry(XmlElement& xml, pugi::xml_node node, const std::string& path, std::size_t depth) {
        Disposition out;
        out.code = xml.word("code");
        out.title = xml.text("title");
        out.path = path.empty() ? out.code : path + "/" + out.code;
        xml.finish();
        if (!out.code.empty()) {
            const auto [first, fresh] = places_.emplace(out.code, xml.where("code"));
            if (!fresh)
                xml.problem("code", "code \"" + out.code + "\" is used at line " + std::to_string(first->second.line) +
                                        " already; give this entry another one");
        }
        level(node, out.path, depth + 1, out.children);
        return out;
    }

    const XmlFile& file_;
    Problems& problems_;
    std::map<std::string, Position> places_;
};

}  // namespace

const Disposition* DispositionTree::find(std::string_view code) const { return find_in(roots, code); }

DispositionTree load_dispositions(const std::string& path, Problems& problems) {
    const std::size_t before = problems.size();
    const auto file = XmlFile::read(path, std::nullopt, problems);
    if (!file) return {};
    DispositionTree tree = DispositionReader(*file, problems).read();
    return problems.size() == before ? std::move(tree) : DispositionTree{};
}

}  // namespace citybridge::desk
