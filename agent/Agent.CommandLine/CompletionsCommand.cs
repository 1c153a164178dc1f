using System.CommandLine;

namespace Agent.CommandLine;

/// <summary>`agent completions`: what a shell needs to complete this program's command lines. Each asks the program itself.</summary>
static class CompletionsCommand
{
    static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # agent: for bash. In ~/.bashrc: eval "$(agent completions bash)"
            _agent_complete() {
                local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
                if [[ " ${COMP_WORDS[*]:0:COMP_CWORD} " == *" -- "* ]]; then
                    compopt -o default
                    return
                fi
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
                [[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default
            }
            complete -F _agent_complete agent
            """,
        ["zsh"] = """
            # agent: for zsh. In ~/.zshrc, after compinit: eval "$(agent completions zsh)"
            _agent() {
                local dashes=${words[(ie)--]}
                if (( dashes < CURRENT )); then
                    words=("${(@)words[dashes+1,-1]}")
                    (( CURRENT -= dashes ))
                    _normal
                    return
                fi
                local line="${(j: :)words[1,CURRENT]}"
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
                if [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi
            }
            compdef _agent agent
            """,
        ["fish"] = """
            # agent: for fish. In ~/.config/fish/config.fish: agent completions fish | source
            function __agent_complete
                set -l line (commandline -cp)
                agent "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c agent -n 'not contains -- -- (commandline -opc)' -a '(__agent_complete)'
            """,
        ["powershell"] = """
            # agent: for PowerShell. In $PROFILE: agent completions powershell | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName agent -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                $line = $commandAst.ToString().PadRight($cursorPosition)
                agent "[suggest:$cursorPosition]" "$line" 2>$null |
                    Where-Object { $_ -like "$wordToComplete*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Make()
    {
        var shell = new Argument<string>("SHELL") { Description = $"One of {string.Join(", ", Scripts.Keys)}." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new Command("completions", "Print what a shell needs to complete the command lines of agent.") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return ExitCode.Fine;
        });
        return command;
    }
}
