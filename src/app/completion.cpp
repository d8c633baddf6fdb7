#include "completion.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace jobrun::app {
namespace {

struct OptionWords {
  std::vector<std::string> names;    ///< `--role`
  std::vector<std::string> choices;  ///< values, when they are few
  std::string description;
  bool takes_value = false;
};

struct CommandWords {
  std::string path;                                              ///< `jobrun numbers add`
  std::vector<std::pair<std::string, std::string>> subcommands;  ///< with descriptions
  std::vector<OptionWords> options;
  std::vector<std::string> choices;  ///< of a positional argument
  bool takes_file = false;           ///< as a positional argument
};

/// The values in a validator's description, `{operational,onboarding,system}`.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t shut = type.find('}', open);
  std::vector<std::string> choices;
  if (open == std::string::npos || shut == std::string::npos) return choices;
  for (std::string& word : CLI::detail::split(type.substr(open + 1, shut - open - 1), ',')) {
    choices.push_back(CLI::detail::trim(word));
  }
  return choices;
}

std::string first_sentence(const std::string& text) {
  std::string sentence = text.substr(0, text.find_first_of(".:;\n"));
  std::erase_if(sentence, [](char c) { return c == '\'' || c == '"' || c == '`' || c == '$' || c == '\\'; });
  return sentence;
}

void gather(const CLI::App& app, const std::string& path, std::vector<CommandWords>& commands) {
  CommandWords words{.path = path, .subcommands = {}, .options = {}, .choices = {}};
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); })) {
    words.subcommands.emplace_back(sub->get_name(), first_sentence(sub->get_description()));
  }
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (option->get_positional()) {
      words.choices = choices_of(*option);
      words.takes_file = option->get_single_name() == "FILE";
    }
    OptionWords each;
    for (const std::string& name : option->get_lnames()) each.names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) each.names.push_back("-" + name);
    if (each.names.empty()) continue;
    each.choices = choices_of(*option);
    each.description = first_sentence(option->get_description());
    each.takes_value = option->get_items_expected_max() > 0;
    words.options.push_back(std::move(each));
  }
  commands.push_back(std::move(words));
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App* each) { return !each->get_name().empty(); })) {
    gather(*sub, path + " " + sub->get_name(), commands);
  }
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<std::string> words_at(const CommandWords& command) {
  std::vector<std::string> words;
  for (const auto& [name, description] : command.subcommands) words.push_back(name);
  words.insert(words.end(), command.choices.begin(), command.choices.end());
  for (const OptionWords& option : command.options)
    words.insert(words.end(), option.names.begin(), option.names.end());
  return words;
}

/// `case` branches that follow the words typed so far down the tree; the same in bash and zsh.
std::string descend_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  for (const CommandWords& command : commands) {
    for (const auto& [name, description] : command.subcommands) {
      text += "      \"" + command.path + " " + name + "\") at=\"" + command.path + " " + name + "\" ;;\n";
    }
  }
  return text;
}

/// Branches for the option before the cursor: its choices, or nothing so that the shell offers files.
std::string value_cases(const std::vector<CommandWords>& commands, std::string_view offer,
                        std::string_view files) {
  std::string text;
  for (const CommandWords& command : commands) {
    for (const OptionWords& option : command.options) {
      if (!option.takes_value) continue;
      for (const std::string& name : option.names) {
        text += "    \"" + command.path + "|" + name + "\") ";
        text += option.choices.empty() ? std::string(files)
                                       : std::string(offer) + " \"" + joined(option.choices) + "\"";
        text += "; return ;;\n";
      }
    }
  }
  return text;
}

std::string word_cases(const std::vector<CommandWords>& commands) {
  std::string text;
  for (const CommandWords& command : commands) {
    text += "    \"" + command.path + "\") offered=\"" + joined(words_at(command)) + "\" ;;\n";
  }
  return text;
}

/// Branches for the commands whose argument is a file: unless an option is begun, the shell offers files.
std::string file_cases(const std::vector<CommandWords>& commands, std::string_view word, std::string_view files) {
  std::string text;
  for (const CommandWords& command : commands) {
    if (!command.takes_file) continue;
    text += "    \"" + command.path + "\") [[ " + std::string(word) + " == -* ]] || { " + std::string(files) +
            "; return; } ;;\n";
  }
  return text;
}

std::string bash_script(const std::vector<CommandWords>& commands) {
  return "# bash completion for jobrun: source <(jobrun completion bash)\n"
         "_jobrun_offer() {\n"
         "  COMPREPLY=($(compgen -W \"$1\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n"
         "}\n"
         "_jobrun() {\n"
         "  local at=\"jobrun\" offered=\"\" i\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$at ${COMP_WORDS[i]}\" in\n" +
         descend_cases(commands) +
         "    esac\n"
         "  done\n"
         "  case \"$at|${COMP_WORDS[COMP_CWORD-1]}\" in\n" +
         value_cases(commands, "_jobrun_offer", ":") +
         "  esac\n"
         "  case \"$at\" in\n" +
         file_cases(commands, "\"${COMP_WORDS[COMP_CWORD]}\"", ":") +
         "  esac\n"
         "  case \"$at\" in\n" +
         word_cases(commands) +
         "  esac\n"
         "  _jobrun_offer \"$offered\"\n"
         "}\n"
         "complete -o default -F _jobrun jobrun\n";
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
  return "#compdef jobrun\n"
         "# zsh completion for jobrun: source <(jobrun completion zsh)\n"
         "_jobrun_offer() {\n"
         "  local -a offers\n"
         "  offers=(${(s: :)1})\n"
         "  compadd -a offers\n"
         "}\n"
         "_jobrun() {\n"
         "  local at=\"jobrun\" offered=\"\" i\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    case \"$at ${words[i]}\" in\n" +
         descend_cases(commands) +
         "    esac\n"
         "  done\n"
         "  case \"$at|${words[CURRENT-1]}\" in\n" +
         value_cases(commands, "_jobrun_offer", "_files") +
         "  esac\n"
         "  case \"$at\" in\n" +
         file_cases(commands, "$PREFIX", "_files") +
         "  esac\n"
         "  case \"$at\" in\n" +
         word_cases(commands) +
         "  esac\n"
         "  _jobrun_offer \"$offered\"\n"
         "  [[ $PREFIX == -* ]] || _files\n"
         "}\n"
         // Installed, the shell loads this file as the function itself, and calls it at once.
         "if [[ $funcstack[1] == _jobrun ]]; then _jobrun \"$@\"; else compdef _jobrun jobrun; fi\n";
}

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string text =
      "# fish completion for jobrun: jobrun completion fish | source\n"
      "function __jobrun_at\n"
      "  set -l at jobrun\n"
      "  set -l typed (commandline -opc)\n"
      "  for word in $typed[2..-1]\n"
      "    switch \"$at $word\"\n";
  for (const CommandWords& command : commands) {
    for (const auto& [name, description] : command.subcommands) {
      text +=
          "      case '" + command.path + " " + name + "'\n        set at '" + command.path + " " + name + "'\n";
    }
  }
  text += "    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n";
  for (const CommandWords& command : commands) {
    const std::string here = "complete -c jobrun -n \"__jobrun_at '" + command.path + "'\" ";
    for (const auto& [name, description] : command.subcommands) {
      text += here + "-f -a " + name + " -d '" + description + "'\n";
    }
    if (!command.choices.empty()) text += here + "-f -a '" + joined(command.choices) + "'\n";
    for (const OptionWords& option : command.options) {
      text += here;
      for (const std::string& name : option.names) {
        text += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
      }
      if (option.takes_value) text += "-r ";
      if (!option.choices.empty()) text += "-f -a '" + joined(option.choices) + "' ";
      text += "-d '" + option.description + "'\n";
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> completion_script(const CLI::App& root, std::string_view shell) {
  std::vector<CommandWords> commands;
  gather(root, "jobrun", commands);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return std::nullopt;
}

}  // namespace jobrun::app
