using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Octet.Integers;

namespace Octet.Formats.C;

/// <summary>
/// An integer program as C99: integers alone, no heap, no library but fixed-width types, one static block of memory. Files: NAME.h, NAME.c, NAME_test.c
/// with vectors, a Makefile and a CMakeLists.txt.
/// </summary>
public sealed class CProject
{
    private readonly IntegerProgram program;
    private readonly string version;
    private readonly ArenaPlan arena;
    private readonly CLoops loops;
    private readonly Dictionary<IntegerBuffer, string> places = [];
    private int scratchBytes;

    private CProject(IntegerProgram program, string name, string version, CLoops loops)
    {
        this.program = program;
        this.loops = loops;
        this.version = version;
        Name = CName.Of(name);
        foreach (var (port, place) in Ports(program.Inputs, "input").Concat(Ports(program.Outputs, "output")))
        {
            if (port.Params is null)
            {
                throw new OctetException(ErrorCodes.NoIntegerForm, $"\"{port.Name}\" is an input or output of floats, and C is written for integers alone", "quantize the model for a target whose inputs and outputs are quantized");
            }

            if (port.Params.Axis is { } axis)
            {
                throw new OctetException(
                    ErrorCodes.NoIntegerForm, $"\"{port.Name}\" has scales of its own along axis {axis}, and the inputs and outputs of C have one scale each", "quantize it with one scale");
            }

            _ = places.TryAdd(port.Root, place);
        }

        arena = ArenaPlan.Of(program, places.Keys.ToHashSet());
    }

    /// <summary>The identifier that all names begin with.</summary>
    public string Name { get; }

    /// <summary>Bytes of working memory, inputs and outputs not counted.</summary>
    public int MemoryBytes => arena.Size + scratchBytes;

    /// <summary>Multiply-accumulates of one run.</summary>
    public long MultiplyAccumulates => program.MultiplyAccumulates;

    /// <summary>Bytes of weights, biases and tables.</summary>
    public long ConstantBytes { get; private set; }

    /// <summary>The files by name.</summary>
    public ImmutableSortedDictionary<string, string> Files { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Writes a program as C.</summary>
    /// <param name="program">The program.</param>
    /// <param name="name">What it is called; made an identifier.</param>
    /// <param name="version">Version of Octet, for the first line.</param>
    /// <param name="vectors">Runs that the test repeats.</param>
    /// <param name="loops">How loops are written.</param>
    /// <exception cref="OctetException"><see cref="ErrorCodes.NoIntegerForm"/>: a layer stays float, or rescales by floats.</exception>
    public static CProject Of(IntegerProgram program, string name, string version, IReadOnlyList<CVectors> vectors, CLoops loops = CLoops.Plain)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(vectors);
        if (program.Reasons is { Count: > 0 } reasons)
        {
            throw new OctetException(
                ErrorCodes.NoIntegerForm, $"C is written for integers alone, and {reasons.Count} layers stay float: {string.Join("; ", reasons.Select(r => $"\"{r.Key}\": {r.Value}"))}", "choose a target that quantizes them, or another arithmetic");
        }

        var project = new CProject(loops == CLoops.Fast ? ChannelsLastProgram.Of(program) : program, name, version, loops);
        string source = project.Source();
        project.Files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{project.Name}.c"] = source,
            [$"{project.Name}.h"] = project.Header(),
            [$"{project.Name}_test.c"] = project.Test(vectors),
            ["Makefile"] = project.Makefile(),
            ["CMakeLists.txt"] = project.CMake(),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);
        return project;
    }

    /// <summary>Writes the files into a folder, which is made where it is missing; all of them appear, or none.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.OutputNotWritable"/>.</exception>
    public void Write(string folder)
    {
        string full = Path.GetFullPath(folder);
        try
        {
            _ = Directory.CreateDirectory(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.OutputNotWritable, $"folder \"{folder}\" cannot be made: {e.Message}", "choose another place", e);
        }

        using var files = new OutputFiles();
        foreach (var (name, text) in Files)
        {
            files.Write(Path.Combine(full, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }

        files.Commit();
    }

    // One port has no number.
    private static IEnumerable<(IntegerBuffer Port, string Place)> Ports(ImmutableArray<IntegerBuffer> ports, string word)
        => ports.Select((port, i) => (port, ports.Length == 1 ? word : string.Create(CultureInfo.InvariantCulture, $"{word}{i}")));

    private string Signature()
        => $"void {Name}_run({string.Join(", ", Ports(program.Inputs, "input").Select(p => $"const {StepWriter.TypeOf(p.Port)} *{p.Place}").Concat(Ports(program.Outputs, "output").Select(p => $"{StepWriter.TypeOf(p.Port)} *{p.Place}")))})";

    private string Title(string what) => $"/* {what}: \"{StepWriter.Comment(program.Name)}\", written by Octet {version}. */\n";

    private string Header()
    {
        bool hasShifts = program.Arithmetic is Numerics.Rescaling.ShiftArithmetic;
        string capital = Name.ToUpperInvariant();
        var text = new StringBuilder(Title($"{Name}.h"));
        text.Append(CultureInfo.InvariantCulture, $"#ifndef {capital}_H\n#define {capital}_H\n\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n");
        foreach (var (port, place) in Ports(program.Inputs, "input").Concat(Ports(program.Outputs, "output")))
        {
            string macro = $"{capital}_{place.ToUpperInvariant()}";
            var parameters = port.Params!;
            var type = parameters.Type;
            text.Append(CultureInfo.InvariantCulture, $"/* {place}: \"{StepWriter.Comment(port.Name)}\", {string.Join(" x ", port.Shape.Dimensions)}, row-major.\n");
            if (hasShifts)
            {
                int bits = StepWriter.FractionBits(parameters.Scale);
                text.Append(CultureInfo.InvariantCulture, $"   real = quantized * 2^-{macro}_FRACTION_BITS; quantized = clamp(round half to even(real * 2^{macro}_FRACTION_BITS), {type.Min}, {type.Max}). */\n");
                text.Append(CultureInfo.InvariantCulture, $"#define {macro}_SIZE {port.Count}\n#define {macro}_FRACTION_BITS ({bits})\n\n");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"   real = (quantized - zero point) * scale; quantized = clamp(round half to even(real / scale) + zero point, {type.Min}, {type.Max}).\n   Scale {parameters.Scale:R}. */\n");
                text.Append(CultureInfo.InvariantCulture, $"#define {macro}_SIZE {port.Count}\n#define {macro}_ZERO_POINT ({parameters.ZeroPoint})\n\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"/* Runs the network. {MemoryBytes} bytes of static memory; not to be called by two threads at once. */\n{Signature()};\n\n");
        text.Append(CultureInfo.InvariantCulture, $"#ifdef __cplusplus\n}}\n#endif\n\n#endif\n");
        return text.ToString();
    }

    private string Source()
    {
        var source = new CSource();
        _ = source.Name($"{Name}_run");
        foreach (string taken in new[] { "arena", "scratch_rows", "scratch_weights", "scratch_sums", "scratch_long_sums" })
        {
            _ = source.Name(taken);
        }

        var writer = new StepWriter(source, program, loops == CLoops.Fast);
        var calls = new StringBuilder();
        foreach (var constant in program.Buffers.Where(b => !b.Constant.IsEmpty))
        {
            string name = source.Name($"K_{constant.Name}");
            source.Array(StepWriter.TypeOf(constant), name, constant.Constant.AsSpan(), StepWriter.Comment(constant.Name));
            places.Add(constant, name);
        }

        foreach (var step in program.Steps)
        {
            string name = writer.Write(step);
            calls.Append(CultureInfo.InvariantCulture, $"    {name}({string.Join(", ", step.Inputs.Select(PlaceOf))}, {PlaceOf(step.Output)});\n");
        }

        // Outputs that share their elements with another, or are an input.
        foreach (var (port, place) in Ports(program.Outputs, "output").Where(p => places[p.Port.Root] != p.Place))
        {
            calls.Append(CultureInfo.InvariantCulture, $"    for (int32_t i = 0; i < {port.Count}; i++) {{\n        {place}[i] = {PlaceOf(port)}[i];\n    }}\n");
        }

        ConstantBytes = source.ConstantBytes;
        var text = new StringBuilder(Title($"{Name}.c"));
        text.Append(CultureInfo.InvariantCulture, $"#include \"{Name}.h\"\n\n");
        if (writer.HasShifts)
        {
            text.Append("/* Fraction bits of the activations: -log2 of their scales. */\nenum {\n");
            foreach (var (buffer, number) in writer.Activations.OrderBy(a => a.Value))
            {
                text.Append(CultureInfo.InvariantCulture, $"    A{number}_S = {StepWriter.FractionBits(buffer.Params!.Scale)}, /* {StepWriter.Comment(buffer.Name)} */\n");
            }

            text.Append("};\n\n");
        }

        if (arena.Size > 0)
        {
            string declaration = HasWords ? OfWords(arena.Size) : string.Create(CultureInfo.InvariantCulture, $"int8_t arena[{arena.Size}]");
            text.Append(CultureInfo.InvariantCulture, $"/* Activations; two share bytes where one is no longer needed when the other comes. */\nstatic {declaration};\n\n");
        }

        foreach (var (name, (type, count)) in source.Scratch)
        {
            text.Append(CultureInfo.InvariantCulture, $"static {type} {name}[{count}];\n\n");
            scratchBytes += count * CSource.SizeOf(type);
        }

        text.Append(source.Constants).Append(source.Shared).Append('\n').Append(source.Functions);
        text.Append(CultureInfo.InvariantCulture, $"{Signature()}\n{{\n{calls}}}\n");
        return text.ToString();
    }

    private string PlaceOf(IntegerBuffer buffer)
    {
        if (places.TryGetValue(buffer.Root, out string? place))
        {
            return place;
        }

        string start = HasWords ? buffer.IsWide ? "arena.words" : "arena.bytes" : "arena";
        int offset = arena.Offsets[buffer.Root] / (buffer.IsWide ? sizeof(short) : 1);
        return offset == 0 ? start : string.Create(CultureInfo.InvariantCulture, $"{start} + {offset}");
    }

    // Values of 16 bits must lie at even addresses.
    private bool HasWords => arena.Offsets.Keys.Any(b => b.IsWide);

    private static string OfWords(int size) => string.Create(CultureInfo.InvariantCulture, $"union {{\n    int16_t words[{(size + 1) / 2}];\n    int8_t bytes[{size}];\n}} arena");

    private string Test(IReadOnlyList<CVectors> vectors)
    {
        string capital = Name.ToUpperInvariant();
        var (inputs, outputs) = (Ports(program.Inputs, "input").ToArray(), Ports(program.Outputs, "output").ToArray());
        var text = new StringBuilder(Title($"{Name}_test.c"));
        text.Append(CultureInfo.InvariantCulture, $"/* {Name}_test repeats {vectors.Count} runs; {Name}_test IN OUT runs every record of a file (all inputs behind each other) and writes its outputs. */\n");
        text.Append(CultureInfo.InvariantCulture, $"#include <stdio.h>\n#include <string.h>\n\n#include \"{Name}.h\"\n\n");
        foreach (var (port, place) in inputs.Concat(outputs))
        {
            text.Append(CultureInfo.InvariantCulture, $"static {StepWriter.TypeOf(port)} {place}[{capital}_{place.ToUpperInvariant()}_SIZE];\n");
        }

        for (int v = 0; v < vectors.Count; v++)
        {
            foreach (var ((port, place), values) in inputs.Zip(vectors[v].Inputs).Concat(outputs.Zip(vectors[v].Outputs)))
            {
                text.Append(CultureInfo.InvariantCulture, $"\nstatic const {StepWriter.TypeOf(port)} {place}_{v}[{values.Length}] = {{");
                CSource.AppendValues(text, values.AsSpan());
                text.Append("};\n");
            }
        }

        string call = $"{Name}_run({string.Join(", ", inputs.Concat(outputs).Select(p => p.Place))});";
        text.Append(CultureInfo.InvariantCulture, $"\nstatic int run_file(const char *from, const char *to)\n{{\n    FILE *in = fopen(from, \"rb\");\n    FILE *out = fopen(to, \"wb\");\n    int failed = in == NULL || out == NULL;\n");
        text.Append(CultureInfo.InvariantCulture, $"    while (!failed && fread({inputs[0].Place}, 1, sizeof {inputs[0].Place}, in) == sizeof {inputs[0].Place}) {{\n");
        foreach (var (_, place) in inputs.Skip(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"        failed |= fread({place}, 1, sizeof {place}, in) != sizeof {place};\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"        {call}\n");
        foreach (var (_, place) in outputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"        failed |= fwrite({place}, 1, sizeof {place}, out) != sizeof {place};\n");
        }

        text.Append("    }\n\n    if (in != NULL) {\n        fclose(in);\n    }\n\n    if (out != NULL) {\n        failed |= fclose(out) != 0;\n    }\n\n    return failed;\n}\n\n");
        text.Append("int main(int argc, char **argv)\n{\n    int failed = 0;\n    if (argc == 3) {\n        return run_file(argv[1], argv[2]);\n    }\n\n");
        for (int v = 0; v < vectors.Count; v++)
        {
            foreach (var (_, place) in inputs)
            {
                text.Append(CultureInfo.InvariantCulture, $"    memcpy({place}, {place}_{v}, sizeof {place});\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"    {call}\n    failed += {string.Join(" || ", outputs.Select(o => $"memcmp({o.Place}, {o.Place}_{v}, sizeof {o.Place}) != 0"))};\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"    printf(\"%d passed, %d failed; %d bytes of working memory\\n\", {vectors.Count} - failed, failed, {MemoryBytes});\n    return failed != 0;\n}}\n");
        return text.ToString();
    }

    private string Makefile()
        => $"""
        # make test builds the network with its vectors and runs them.
        CC ?= cc
        CFLAGS ?= -std=c99 -O2 -Wall -Wextra -Werror -Wconversion

        {Name}_test: {Name}.c {Name}.h {Name}_test.c
        {"\t"}$(CC) $(CFLAGS) {Name}.c {Name}_test.c -o $@

        .PHONY: test clean
        test: {Name}_test
        {"\t"}./{Name}_test

        clean:
        {"\t"}rm -f {Name}_test

        """;

    private string CMake()
        => $"""
        cmake_minimum_required(VERSION 3.10)
        project({Name} C)
        set(CMAKE_C_STANDARD 99)
        add_library({Name} STATIC {Name}.c)
        target_include_directories({Name} PUBLIC .)
        enable_testing()
        add_executable({Name}_test {Name}_test.c)
        target_link_libraries({Name}_test {Name})
        add_test(NAME {Name} COMMAND {Name}_test)

        """;
}
