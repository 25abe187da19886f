using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Octet.Data;
using Octet.Formats.Onnx;
using Octet.Inference;
using Octet.Integers;
using Octet.Lowering;
using Octet.Numerics;
using Octet.Planning;

namespace Octet;

/// <summary>Runs models on samples and keeps their outputs.</summary>
public static class ModelRunner
{
    /// <summary>Runs a model: float or quantized, in QDQ or QOperator form.</summary>
    /// <param name="modelPath">An ONNX model.</param>
    /// <param name="samples">The samples, all of one shape for the integer engine.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="step">Called after each sample, by any thread; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="OctetException">The model or a sample is at fault.</exception>
    public static ModelRunResult Run(string modelPath, ISampleSource samples, ModelRunOptions? options = null, Action? step = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new ModelRunOptions();
        var model = OnnxFormat.Read(modelPath);
        var names = model.Graph.Outputs.Select(o => o.Name).ToImmutableArray();
        var all = new IReadOnlyList<Tensor>[samples.Count];
        var milliseconds = new double[samples.Count];
        IntegerProgram? program = null;
        if (options.Engine == Engine.OnnxRuntime)
        {
            using var session = FloatSession.Open(modelPath);
            ForEach(inputs =>
            {
                using var outputs = session.Run(inputs, names, cancellationToken);
                return [.. names.Select((_, i) => outputs.ToTensor(i))];
            });
        }
        else
        {
            program = ProgramOf(model, samples.Load(0).Inputs, options, cancellationToken);
            using var sessions = new SessionPool(program);
            ForEach(sessions.Run);
        }

        return new ModelRunResult(
            [.. names.Select((name, o) => KeyValuePair.Create(name, Joined([.. all.Select(a => a[o])])))], samples.Count, program?.Arithmetic.Name, program?.Reasons ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            Milliseconds = Median(milliseconds),
        };

        void ForEach(Func<IReadOnlyDictionary<string, Tensor>, IReadOnlyList<Tensor>> run) => ParallelRuns.ForEach(
            samples.Count,
            options.Threads,
            i =>
            {
                var inputs = samples.Load(i).Inputs;
                long start = Stopwatch.GetTimestamp();
                all[i] = run(inputs);
                milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                step?.Invoke();
            },
            cancellationToken);
    }

    /// <summary>The integer program of a model.</summary>
    /// <param name="model">Float or quantized, in QDQ or QOperator form; what QDQ pairs leave out is written out first (<see cref="QdqCompletion"/>).</param>
    /// <param name="inputs">A sample, which tells the shapes.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static IntegerProgram ProgramOf(Graphs.Model model, IReadOnlyDictionary<string, Tensor> inputs, ModelRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputs);
        var named = inputs.ToDictionary(i => i.Key.Length > 0 ? i.Key : model.Graph.Inputs[0].Name, i => i.Value, StringComparer.Ordinal);
        var expanded = QOperatorExpansion.Of(QdqCompletion.Of(model));
        return IntegerLowering.Lower(expanded, TypeProbe.Run(expanded, named, cancellationToken), options?.Arithmetic);
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    // Along the first dimension; outputs without dimensions become a vector.
    private static Tensor Joined(Tensor[] parts)
    {
        var first = parts[0].Shape;
        if (parts.FirstOrDefault(p => p.Type != parts[0].Type || !p.Shape.Dimensions.Skip(1).SequenceEqual(first.Dimensions.Skip(1))) is { } other)
        {
            throw new OctetException(ErrorCodes.OutputsMismatched, $"outputs of the samples have shapes {first} and {other.Shape}, which cannot stand in one array", "run the samples one by one");
        }

        var bytes = new byte[parts.Sum(p => p.Storage.Length)];
        int at = 0;
        foreach (var part in parts)
        {
            var from = part.Storage.Slice(0, (int)part.Storage.Length);
            from.CopyTo(bytes.AsSpan(at));
            at += from.Length;
        }

        return Tensor.FromArray(parts[0].Type, bytes, new Shape([first.Rank == 0 ? parts.Length : parts.Sum(p => p.Shape[0]), .. first.Dimensions.Skip(1)]));
    }

    private sealed class SessionPool(IntegerProgram program) : IDisposable
    {
        private readonly ConcurrentBag<IntegerSession> idle = [];

        public void Dispose()
        {
            foreach (var session in idle)
            {
                session.Dispose();
            }
        }

        public IReadOnlyList<Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
        {
            var session = idle.TryTake(out var found) ? found : new IntegerSession(program);
            try
            {
                return session.Run(inputs);
            }
            finally
            {
                idle.Add(session);
            }
        }
    }
}
