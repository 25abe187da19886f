namespace Octet.Tests.Cli.Commands;

public sealed class CompletionCommandTests
{
    [Theory]
    [InlineData("octet quan", "quantize")]
    [InlineData("octet quantize --meth", "--method")]
    [InlineData("octet quantize --method ma", "max")]
    [InlineData("octet completion p", "pwsh")]
    public async Task Bash_CompletesWordsOfOctet(string line, string expected)
    {
        using var folder = new TemporaryFolder();
        string script = $$"""
            PATH="{{Path.GetDirectoryName(OctetTool.Path)}}:$PATH"
            source <(octet completion bash)
            COMP_LINE="{{line}}"
            COMP_POINT=${#COMP_LINE}
            COMP_WORDS=({{line}})
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _octet
            echo "${COMPREPLY[*]}"
            """;

        var run = (await ProcessRun.Of("bash", ["-c", script], folder.Path)).Succeeded();

        Assert.Equal(expected, run.Output.Trim());
    }
}
