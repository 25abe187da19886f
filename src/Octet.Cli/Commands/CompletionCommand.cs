using Octet.Cli.Settings;

namespace Octet.Cli.Commands;

/// <summary><c>octet completion</c>: scripts that make a shell complete octet's words.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    // Each asks octet itself, which knows what may stand at a place; file names are the shell's own business.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _octet() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(octet "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2> /dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _octet octet
            """,
        ["zsh"] = """
            #compdef octet
            _octet() {
              local -a found
              found=("${(@f)$(octet "[suggest:${CURSOR}]" "${BUFFER}" 2> /dev/null)}")
              compadd -a found
              _files
            }
            compdef _octet octet
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName octet -ScriptBlock {
              param($word, $tree, $position)
              octet "[suggest:$position]" "$tree" 2> $null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    private readonly WordArgument shell = new("shell", [.. Scripts.Keys], "the shell");

    public CompletionCommand()
        : base("completion", "Prints a script that makes a shell complete octet's commands and options.")
    {
        Add(shell);
    }

    public override IReadOnlyList<(string Line, string Purpose)> Examples =>
    [
        ("source <(octet completion bash)", "for this session of bash; put the line into ~/.bashrc for all"),
        ("octet completion pwsh | Out-String | Invoke-Expression", "for this session of PowerShell"),
    ];

    public override int Run(Invocation invocation)
    {
        Console.Out.Write(Scripts[invocation.Get(shell)].ReplaceLineEndings("\n") + "\n");
        return 0;
    }
}
