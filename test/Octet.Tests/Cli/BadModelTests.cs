using Google.Protobuf;
using Octet.Data.Arrays;
using Octet.Formats.Onnx;
using Octet.Numerics;

namespace Octet.Tests.Cli;

/// <summary>The built tool refuses models that cannot be quantized: coded, in one line, with nothing written.</summary>
public sealed class BadModelTests(BadModelTests.Folder folder) : IClassFixture<BadModelTests.Folder>
{
    public static TheoryData<string, string, string> Models => new()
    {
        { "none.onnx", ErrorCodes.ModelNotReadable, "\"none.onnx\" cannot be read" },
        { "calibration", ErrorCodes.ModelNotReadable, "\"calibration\"" },
        { "empty.onnx", ErrorCodes.ModelMalformed, "empty.onnx" },
        { "text.onnx", ErrorCodes.ModelMalformed, "text.onnx" },
        { "picture.onnx", ErrorCodes.ModelMalformed, "picture.onnx" },
        { "half.onnx", ErrorCodes.ModelMalformed, "half.onnx" },
        { "no-graph.onnx", ErrorCodes.ModelMalformed, "no-graph.onnx" },
        { "deep.onnx", ErrorCodes.ModelTooDeep, "deep.onnx" },
        { "many.onnx", ErrorCodes.ModelTooManyElements, "many.onnx" },
        { "cycle.onnx", ErrorCodes.GraphCyclic, "cycle.onnx" },
        { "twice.onnx", ErrorCodes.DuplicateName, "twice.onnx" },
        { "undefined.onnx", ErrorCodes.UndefinedValue, "\"nowhere\"" },
        { "short-weights.onnx", ErrorCodes.TensorInvalid, "\"w\"" },
        { "huge-dims.onnx", ErrorCodes.TensorInvalid, "\"w\"" },
        { "negative-dims.onnx", ErrorCodes.TensorInvalid, "\"w\"" },
        { "data-missing.onnx", ErrorCodes.ExternalDataInvalid, "gone.bin" },
        { "data-short.onnx", ErrorCodes.ExternalDataInvalid, "text.onnx" },
        { "data-above.onnx", ErrorCodes.ExternalDataOutside, "../" },
        { "data-absolute.onnx", ErrorCodes.ExternalDataOutside, "/etc/passwd" },
        { "data-link.onnx", ErrorCodes.ExternalDataOutside, "link.bin" },
        { "opset-99.onnx", ErrorCodes.RuntimeRefusedModel, "opset" },
        { "unknown-operator.onnx", ErrorCodes.RuntimeRefusedModel, "NoSuchOperator" },
        { "nan.onnx", ErrorCodes.NonFiniteWeight, "NaN" },
        { "no-inputs.onnx", ErrorCodes.ModelMalformed, "no inputs" },
        { "open-rank.onnx", ErrorCodes.ModelMalformed, "input \"x\" does not state how many dimensions it has" },
        { "fails.onnx", ErrorCodes.RunFailed, "ONNX Runtime could not run the model" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public Task Quantize_WhenTheModelIsBad_SaysWhyAndWritesNothing(string model, string code, string parts)
        => folder.Refuses($"quantize {model} --data x.npy -o OUT/q.onnx", code, parts);

    public sealed class Folder : BadInputFolder
    {
        public Folder()
        {
            using var stream = new MemoryStream();
            NpyWriter.Write(stream, Tensor.FromArray([.. Enumerable.Range(0, 60).Select(i => (float)i)], new Shape(20, 3)));
            Write("x.npy", stream.ToArray());
            Write("empty.onnx", []);
            Write("text.onnx", "this is no model\n");
            Write("picture.onnx", File.ReadAllBytes(Directory.EnumerateFiles(Path.Combine(Root, "calibration")).First()));
            byte[] good = File.ReadAllBytes(Path.Combine(Root, "shapes.onnx"));
            Write("half.onnx", good[..(good.Length / 2)]);
            Model("no-graph.onnx", m => m.Graph = null);
            Write("deep.onnx", Deep());
            Write("many.onnx", [0x3A, .. Length(8 << 20), .. Enumerable.Repeat<byte[]>([0x0A, 0x00], 4 << 20).SelectMany(b => b)]);
            Model("cycle.onnx", m => m.Graph.Node[0].Input[0] = "y");
            Model("twice.onnx", m => m.Graph.Node[1].Output[0] = "sum");
            Model("undefined.onnx", m => m.Graph.Node[0].Input[0] = "nowhere");
            Model("short-weights.onnx", m => m.Graph.Initializer[0].RawData = ByteString.CopyFrom(1, 2, 3));
            Model("huge-dims.onnx", m => m.Graph.Initializer[0].Dims[0] = long.MaxValue / 2);
            Model("negative-dims.onnx", m => m.Graph.Initializer[0].Dims[0] = -3);
            External("data-missing.onnx", "gone.bin");
            External("data-short.onnx", "text.onnx");
            External("data-above.onnx", "../../etc/passwd");
            External("data-absolute.onnx", "/etc/passwd");
            External("data-link.onnx", "link.bin");
            File.CreateSymbolicLink(Path.Combine(Root, "link.bin"), "/etc/passwd");
            Model("opset-99.onnx", m => m.OpsetImport[0].Version = 99);
            Model("unknown-operator.onnx", m => m.Graph.Node[1].OpType = "NoSuchOperator");
            Model("nan.onnx", m => m.Graph.Initializer[0].RawData = ByteString.CopyFrom([.. Enumerable.Repeat(BitConverter.GetBytes(float.NaN), 6).SelectMany(b => b)]));
            Model("no-inputs.onnx", m =>
            {
                m.Graph.Input.Clear();
                m.Graph.Node[0].Input[0] = "w";
            });
            Model("open-rank.onnx", m => m.Graph.Input[0].Type.TensorType.Shape = null);
            Model("fails.onnx", m =>
            {
                m.Graph.Input[0].Type.TensorType.Shape.Dim[1].ClearValue();
                m.Graph.Output[0].Type.TensorType.Shape = null;
                (m.Graph.Initializer[0].Dims[0], m.Graph.Initializer[0].Dims[1]) = (2, 3);
            });
        }

        private void Model(string name, Action<ModelProto> change)
        {
            var model = ModelProto.Parser.ParseFrom(OnnxFormat.ToBytes(Formats.Onnx.OnnxSamples.Model()));
            change(model);
            Write(name, model.ToByteArray());
        }

        private void External(string name, string location) => Model(name, m =>
        {
            var weights = m.Graph.Initializer[0];
            weights.ClearRawData();
            weights.DataLocation = TensorProto.Types.DataLocation.External;
            weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            weights.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = "24" });
        });

        /// <summary>A message inside a message, 3,000 deep: graph, node, attribute, graph…</summary>
        private static byte[] Deep()
        {
            byte[] inner = [];
            int[] fields = [6, 5, 1];
            for (int i = 0; i < 3000; i++)
            {
                using var stream = new MemoryStream();
                using (var output = new CodedOutputStream(stream, leaveOpen: true))
                {
                    output.WriteTag(fields[i % 3], WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(ByteString.CopyFrom(inner));
                }

                inner = stream.ToArray();
            }

            return [0x3A, .. Length(inner.Length), .. inner];
        }

        private static byte[] Length(int value)
        {
            using var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream, leaveOpen: true))
            {
                output.WriteLength(value);
            }

            return stream.ToArray();
        }
    }
}
