#include "manual_page.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <vector>

namespace jobrun::app {
namespace {

constexpr std::array<std::string_view, 3> options_of_all = {"help", "config", "json"};

/// Text as roff shows it. A hyphen is escaped, or it could not be copied into a shell; a line that begins with a
/// dot or a quote would be a request.
std::string roff(std::string_view text) {
  std::string escaped;
  bool is_begin_of_line = true;
  for (const char c : text) {
    if (is_begin_of_line && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if (c == '\'') {
      escaped += "\\(aq";
    } else if (c == '`') {
      escaped += "\\(ga";
    } else {
      escaped += c;
    }
    is_begin_of_line = c == '\n';
  }
  return escaped;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

bool is_of_all(const CLI::Option& option) {
  return std::ranges::any_of(options_of_all,
                             [&](std::string_view name) { return option.check_lname(std::string(name)); });
}

/// `--role {operational,onboarding,system}`, or `NUMBER` of an argument by its place.
std::string spelling_of(const CLI::Option& option) {
  if (option.get_positional()) return italic(option.get_single_name());
  std::string names;
  for (const std::string& name : option.get_snames()) names += (names.empty() ? "" : ", ") + bold("-" + name);
  for (const std::string& name : option.get_lnames()) names += (names.empty() ? "" : ", ") + bold("--" + name);
  if (option.get_items_expected_max() > 0 && !option.get_type_name().empty()) {
    names += " " + italic(option.get_type_name());
  }
  return names;
}

std::string entry_of(const CLI::Option& option) {
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += " (else " + option.get_default_str() + ")";
  return ".TP\n" + spelling_of(option) + "\n" + roff(text) + "\n";
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); });
}

/// The example in a command's footer, which also tells the exit codes.
std::string example_of(const CLI::App& command) {
  constexpr std::string_view mark = "Example: ";
  const std::string footer = command.get_footer();
  const std::size_t begin = footer.find(mark);
  if (begin == std::string::npos) return "";
  return footer.substr(begin + mark.size(), footer.find('\n', begin) - begin - mark.size());
}

std::string section_of(const CLI::App& command, const std::string& path) {
  std::string page = ".SS " + roff(path);
  std::string options;
  for (const CLI::Option* option : command.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_positional()) page += " " + roff(option->get_single_name());
    if (!is_of_all(*option)) options += entry_of(*option);
  }
  page += "\n" + roff(command.get_description()) + ".\n" + options;
  if (const std::string example = example_of(command); !example.empty()) {
    page += ".PP\nExample:\n.PP\n.RS 4\n.nf\n" + roff(example) + "\n.fi\n.RE\n";
  }
  for (const CLI::App* inner : commands_of(command)) page += section_of(*inner, path + " " + inner->get_name());
  return page;
}

}  // namespace

std::string manual_page(const CLI::App& root, std::string_view version) {
  std::string page = ".\\\" Written by jobrun man; do not edit.\n.TH JOBRUN 1 \"\" \"JobRun " + roff(version) +
                     "\" \"User Commands\"\n.SH NAME\njobrun \\- answers the calls that a business misses\n"
                     ".SH SYNOPSIS\n" +
                     bold("jobrun") + " [" + bold("--config") + " " + italic("FILE") + "] " + italic("COMMAND") +
                     " [" + italic("OPTION") + " ...]\n" +
                     ".SH DESCRIPTION\n"
                     "JobRun stands behind the phone numbers of businesses. Whoever calls one and is not answered "
                     "is texted, asked\nwhat the job is, and the owner is alerted. No call ends in silence.\n"
                     ".PP\n" +
                     bold("jobrun serve") +
                     " is the service; every other command works beside it, or without it.\n"
                     ".SH OPTIONS\nEvery command has these.\n";
  page += ".TP\n" + bold("--config") + " " + italic("FILE") +
          "\nThe TOML file with the settings; else the one that\n" + bold("JOBRUN_CONFIG") + "\nnames.\n";
  page += ".TP\n" + bold("--json") + "\nAnswer as JSON, for programs.\n";
  page += ".TP\n" + bold("-h") + ", " + bold("--help") + "\nTell what the command does, with an example.\n";
  page += ".TP\n" + bold("--version") + "\nTell the version. Without a command only.\n";
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(root)) page += section_of(*command, command->get_name());
  page += ".SH EXIT STATUS\n";
  constexpr std::array<std::string_view, 6> statuses = {"Done.",
                                                        "Failure.",
                                                        "Wrong usage, input or settings.",
                                                        "Not found.",
                                                        "Conflict with what is there.",
                                                        "Unavailable: try again."};
  for (std::size_t status = 0; status < statuses.size(); ++status) {
    page += ".TP\n" + bold(std::to_string(status)) + "\n" + std::string(statuses[status]) + "\n";
  }
  page += ".SH ENVIRONMENT\n.TP\n" + bold("JOBRUN_CONFIG") + "\nThe TOML file with the settings.\n.TP\n" +
          bold("JOBRUN_") + italic("NAME") + "\nOne setting, its name in capitals. Goes before the file.\n" +
          bold("jobrun settings") +
          "\nshows all of them.\n"
          ".SH FILES\n.TP\n" +
          italic("/etc/jobrun/jobrun.toml") +
          "\nThe settings, where the service was installed as a package.\n.TP\n" +
          italic("/var/lib/jobrun/jobrun.db") + "\nThe database, unless\n" + italic("database_url") +
          "\nnames another one; beside it its spool, directory and guard.\n";
  return page;
}

}  // namespace jobrun::app
