#include "core/reports/quality_form.h"

#include <algorithm>
#include <filesystem>

#include "core/desk/xml_element.h"

namespace citybridge::reports {
namespace {

using desk::XmlElement;

QualityForm read_form(const XmlFile& file, Problems& problems) {
    QualityForm form;
    XmlElement root(file, file.root(), problems);
    if (root.name() != "quality_form") {
        root.problem("", "a form's file holds one <quality_form>, not <" + std::string(root.name()) + ">");
        return form;
    }
    form.where = root.where();
    form.name = root.word("name");
    form.title = root.text("title");
    form.version = root.integer("version", 1, 1'000'000, 1, true);
    root.finish();
    for (const auto& child : desk::children(file.root())) {
        XmlElement xml(file, child, problems);
        if (xml.name() != "item") {
            xml.problem("", "<" + std::string(xml.name()) + "> is unknown here; a form holds only <item>");
            continue;
        }
        FormItem item{xml.word("name"), xml.text("title"), xml.integer("points", 1, 1'000, 1, true)};
        xml.finish();
        for (const FormItem& other : form.items)
            if (other.name == item.name) xml.problem("name", "item \"" + item.name + "\" stands twice; keep one");
        form.items.push_back(std::move(item));
    }
    if (form.items.empty())
        root.problem("", "a form needs at least one <item name=\"...\" title=\"...\" points=\"5\"/>");
    return form;
}

}  // namespace

std::int64_t QualityForm::max_points() const {
    std::int64_t sum = 0;
    for (const FormItem& item : items) sum += item.points;
    return sum;
}

std::vector<QualityForm> load_forms(const std::string& folder, Problems& problems) {
    std::vector<std::string> files;
    std::error_code trouble;
    for (const auto& entry : std::filesystem::directory_iterator(folder, trouble))
        if (entry.path().extension() == ".xml") files.push_back(entry.path().string());
    // A city may score nobody.
    if (trouble) return {};
    std::sort(files.begin(), files.end());
    std::vector<QualityForm> forms;
    for (const std::string& path : files) {
        const auto file = XmlFile::read(path, std::nullopt, problems);
        if (!file) continue;
        QualityForm form = read_form(*file, problems);
        for (const QualityForm& other : forms)
            if (other.name == form.name)
                problems.push_back({form.where, "form \"" + form.name + "\" is in " + other.where.file +
                                                    " already; give one another name"});
        forms.push_back(std::move(form));
    }
    return forms;
}

Result<> judge(const QualityForm& form, const nlohmann::ordered_json& answers, QualityScore& score) {
    score.form = form.name;
    score.form_version = form.version;
    score.max_points = form.max_points();
    score.points = 0;
    score.answers = nlohmann::ordered_json::object();
    for (const FormItem& item : form.items) {
        const auto given = answers.find(item.name);
        if (given == answers.end() || !given->is_number_integer() || given->get<std::int64_t>() < 0 ||
            given->get<std::int64_t>() > item.points)
            return Error{"score.bad_answers", "item " + item.name + " (" + item.title +
                                                  ") needs a whole number from 0 to " + std::to_string(item.points)};
        score.answers[item.name] = given->get<std::int64_t>();
        score.points += given->get<std::int64_t>();
    }
    for (const auto& [name, value] : answers.items())
        if (!score.answers.contains(name))
            return Error{"score.bad_answers", "form " + form.name + " has no item " + name};
    return ok();
}

}  // namespace citybridge::reports
