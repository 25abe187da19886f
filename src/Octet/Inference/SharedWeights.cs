using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Inference;

/// <summary>
/// Large initializers of a model that a session of ONNX Runtime reads where they lie. Otherwise it would hold them three times while it loads the model: in the message,
/// in what it parses from it, and in its own tensors; quantizing opens some twenty sessions. The functions for it are in the runtime's C interface only.
/// </summary>
internal sealed unsafe class SharedWeights : ExternalDataLayout, IDisposable
{
    // Smaller ones decide shapes and the like, and cost nothing.
    private const int LeastBytes = 4096;

    private static readonly Lazy<CInterface> Runtime = new(static () => new CInterface());

    private readonly Dictionary<string, Tensor> large;
    private readonly List<(string Name, nint Value, MemoryHandle Memory)> shared = [];

    /// <summary>Takes the initializers of a main graph.</summary>
    public SharedWeights(Graph graph)
        : base("shared", LeastBytes)
    {
        large = graph.Constants.Where(c => c.IsConstant && c.Constant!.Type.BitWidth() >= 8 && c.Constant.Storage.Length is >= LeastBytes and <= int.MaxValue)
            .ToDictionary(c => c.Name, c => c.Constant!, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public override TensorProto? TryTake(Tensor tensor, string name)
    {
        // Subgraphs keep theirs.
        if (!large.TryGetValue(name, out var mine) || mine != tensor)
        {
            return null;
        }

        var memory = tensor.Storage.ToMemory().Pin();
        shared.Add((name, Runtime.Value.CreateValue(memory.Pointer, tensor), memory));
        return Reference(tensor, name, 0);
    }

    /// <summary>Tells a session that is to be opened where they lie. They must stay there until it is disposed.</summary>
    public void AddTo(SessionOptions options)
    {
        if (shared.Count > 0)
        {
            Runtime.Value.Add(options, [.. shared.Select(s => s.Name)], [.. shared.Select(s => s.Value)]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, value, memory) in shared)
        {
            Runtime.Value.Release(value);
            memory.Dispose();
        }

        shared.Clear();
    }

    private sealed class CInterface
    {
        // The first version that has all of these functions.
        private const uint Version = 12;

        private readonly delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint> createTensor;
        private readonly delegate* unmanaged<nint, nint*, nint*, nuint, nint> addInitializers;
        private readonly delegate* unmanaged<nint, void> releaseValue;

        public CInterface()
        {
            var getBase = (delegate* unmanaged<OrtApiBase*>)NativeLibrary.GetExport(NativeLibraries.Load("onnxruntime"), "OrtGetApiBase");
            nint functions = ((delegate* unmanaged<uint, nint>)getBase()->GetApi)(Version);
            nint Find(string name) => Marshal.ReadIntPtr(functions, (int)Marshal.OffsetOf<OrtApi>(name));
            createTensor = (delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Find(nameof(OrtApi.CreateTensorWithDataAsOrtValue));
            addInitializers = (delegate* unmanaged<nint, nint*, nint*, nuint, nint>)Find(nameof(OrtApi.AddExternalInitializers));
            releaseValue = (delegate* unmanaged<nint, void>)Find(nameof(OrtApi.ReleaseValue));
        }

        public nint CreateValue(void* data, Tensor tensor)
        {
            nint value;
            long[] shape = [.. tensor.Shape.Dimensions];
            fixed (long* dimensions = shape)
            {
                Check(createTensor(OrtMemoryInfo.DefaultInstance.DangerousGetHandle(), data, (nuint)tensor.Storage.Length, dimensions, (nuint)shape.Length, (int)tensor.Type, &value));
            }

            return value;
        }

        public void Add(SessionOptions options, string[] names, nint[] values)
        {
            nint[] texts = [.. names.Select(Marshal.StringToCoTaskMemUTF8)];
            try
            {
                fixed (nint* n = texts)
                fixed (nint* v = values)
                {
                    Check(addInitializers(options.DangerousGetHandle(), n, v, (nuint)names.Length));
                }
            }
            finally
            {
                Array.ForEach(texts, Marshal.FreeCoTaskMem);
            }
        }

        public void Release(nint value) => releaseValue(value);

        private static void Check(nint status)
        {
            if (status != 0)
            {
                throw new InvalidOperationException("ONNX Runtime takes no initializers from memory.");
            }
        }
    }
}
