using Octet.Data;
using Octet.Formats.C;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Inference;
using Octet.Integers;

namespace Octet.Tests.Formats.C;

/// <summary>A network written as C, compiled and run.</summary>
internal sealed class CompiledC : IDisposable
{
    /// <summary>What every compiler must be content with.</summary>
    private static readonly string[] Strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-Wconversion"];

    private readonly TemporaryFolder folder = new();

    /// <summary>Writes a network.</summary>
    public CompiledC(CProject project)
    {
        Project = project;
        project.Write(folder.Path);
    }

    public CProject Project { get; }

    public string Folder => folder.Path;

    private string[] Sources => [$"{Project.Name}.c", $"{Project.Name}_test.c"];

    public void Dispose() => folder.Dispose();

    /// <summary>Compiles for this machine and returns the program's path.</summary>
    public async Task<string> Compile(params string[] flags)
    {
        string program = folder["test"];
        (await ProcessRun.Of("gcc", [.. Strict, .. flags, .. Sources, "-o", program], folder.Path)).Succeeded();
        return program;
    }

    /// <summary>Compiles and repeats the vectors.</summary>
    public async Task RepeatVectors(params string[] flags)
        => Assert.Contains(", 0 failed", (await ProcessRun.Of(await Compile(flags), [], folder.Path)).Succeeded().Output, StringComparison.Ordinal);

    /// <summary>Compiles and runs records.</summary>
    /// <param name="inputs">All inputs of each record behind each other.</param>
    /// <param name="flags">Of the compiler.</param>
    /// <returns>All outputs of each record behind each other.</returns>
    public async Task<sbyte[]> Run(sbyte[] inputs, params string[] flags)
    {
        File.WriteAllBytes(folder["in.bin"], (byte[])(Array)inputs);
        (await ProcessRun.Of(await Compile(flags), ["in.bin", "out.bin"], folder.Path)).Succeeded();
        return (sbyte[])(Array)File.ReadAllBytes(folder["out.bin"]);
    }

    /// <summary>Compiles for a Cortex-M and runs records in an emulator.</summary>
    public async Task<sbyte[]> RunOnCortexM(sbyte[] inputs, string processor, string machine)
    {
        string here = Path.Combine(SharedData.RepositoryRoot, "test", "Octet.Tests", "Formats", "C");
        File.WriteAllBytes(folder["in.bin"], (byte[])(Array)inputs);
        (await ProcessRun.Of(
            "arm-none-eabi-gcc",
            [.. Strict, "-O2", $"-mcpu={processor}", "-mthumb", "--specs=rdimon.specs", "-T", Path.Combine(here, "cortex_m.ld"), .. Sources, Path.Combine(here, "cortex_m.c"), "-o", "test.elf"],
            folder.Path)).Succeeded();
        (await ProcessRun.Of(
            "qemu-system-arm", ["-M", machine, "-nographic", "-semihosting-config", "enable=on,target=native,arg=test,arg=in.bin,arg=out.bin", "-kernel", "test.elf"], folder.Path)).Succeeded();
        return (sbyte[])(Array)File.ReadAllBytes(folder["out.bin"]);
    }

    /// <summary>A quantized model of a float one.</summary>
    public static Model Quantized(Model model, ISampleSource samples, string target)
    {
        using var file = new TemporaryFolder();
        OnnxFormat.Write(model, file["model.onnx"]);
        return new Quantizer(new QuantizerOptions { Target = target, Effort = Effort.Fast, IntegerOutputs = true, Threads = 1 }).Quantize(file["model.onnx"], samples).Model;
    }

    /// <summary>What the integer engine is given and gives, record by record.</summary>
    public static (sbyte[] Inputs, sbyte[] Outputs) RunEngine(IntegerProgram program, ISampleSource samples)
    {
        using var session = new IntegerSession(program);
        var inputs = new List<sbyte>();
        var outputs = new List<sbyte>();
        for (int i = 0; i < samples.Count; i++)
        {
            session.Run(samples.Load(i).Inputs);
            program.Inputs.ToList().ForEach(b => inputs.AddRange(session.Integers(b)));
            program.Outputs.ToList().ForEach(b => outputs.AddRange(session.Integers(b)));
        }

        return ([.. inputs], [.. outputs]);
    }
}
