using Google.Protobuf;
using Octet.Formats.Onnx;
using Octet.Graphs;
using Octet.Numerics;

namespace Octet.Tests.Formats.Onnx;

/// <summary>Small models and messages for the tests of the format.</summary>
internal static class OnnxSamples
{
    /// <summary>y = Relu(x · w + b), opset 13.</summary>
    public static Model Model()
    {
        var graph = new Graph("sample");
        var x = graph.AddInput("x", new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(3, null)]));
        var w = graph.AddConstant("w", Tensor.FromArray([1f, 2, 3, 4, 5, 6], new Shape(3, 2)));
        var b = graph.AddConstant("b", Tensor.FromArray([1f, -1], new Shape(2)));
        var y = graph.Add("Relu", [graph.Add("Gemm", [x, w, b], "sum")], "y");
        y.Type = new TensorType(ElementType.Float32, [new Dimension(null, "N"), new Dimension(2, null)]);
        graph.AddOutput(y);
        return new Model(graph) { Opsets = { [string.Empty] = 13 } };
    }

    /// <summary>
    /// One of everything that a file can carry, in the form in which Octet writes it (raw tensors, attributes sorted by name), so that the
    /// message is the same when it has been read and written.
    /// </summary>
    public static ModelProto Everything()
    {
        var model = new ModelProto
        {
            IrVersion = 10,
            ProducerName = "someone",
            ProducerVersion = "1.2",
            Domain = "org.example",
            ModelVersion = 7,
            DocString = "what it is",
            Graph = new GraphProto { Name = "main", DocString = "of the graph" },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 21 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "ai.onnx.ml", Version = 3 });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "org.example", Version = 1 });
        model.MetadataProps.Add(Entry("author", "nobody"));
        model.MetadataProps.Add(Entry("licence", "Apache-2.0"));
        model.Functions.Add(Function());
        model.Configuration.Add(new DeviceConfigurationProto { Name = "two", NumDevices = 2, Device = { "a", "b" } });

        var graph = model.Graph;
        graph.Input.Add(Info("x", ElementType.Float32, 2, 3));
        graph.Input.Add(new ValueInfoProto { Name = "sequence", Type = new TypeProto { SequenceType = new() { ElemType = TensorOf(ElementType.Float32) } } });
        graph.Input.Add(new ValueInfoProto { Name = "optional", Type = new TypeProto { OptionalType = new() { ElemType = TensorOf(ElementType.Int64) } }, DocString = "may be absent" });
        graph.Input.Add(new ValueInfoProto { Name = "map", Type = new TypeProto { MapType = new() { KeyType = 7, ValueType = TensorOf(ElementType.Float32) } } });
        graph.Initializer.Add(Weights("w", ElementType.Float32, [2, 3], 24));
        graph.Initializer.Add(Weights("four_bits", ElementType.Int4, [3], 2));
        graph.Initializer[1].DocString = "packed";
        graph.Initializer[1].MetadataProps.Add(Entry("k", "v"));
        graph.Initializer.Add(new TensorProto { Name = "texts", DataType = (int)ElementType.String, Dims = { 2 }, StringData = { ByteString.CopyFromUtf8("ä"), ByteString.CopyFrom(0xFF, 0x00) } });
        graph.SparseInitializer.Add(Sparse("sparse"));
        graph.Node.Add(new NodeProto { Input = { "x", "w" }, Output = { "sum" }, OpType = "Add", Name = "add", DocString = "of the node", MetadataProps = { Entry("k", "v") } });
        graph.Node.Add(new NodeProto { Input = { "sum", "", "sparse" }, Output = { "", "custom" }, OpType = "Custom", Name = "odd", Domain = "org.example", Overload = "second", Attribute = { Attributes() } });
        graph.Node.Add(new NodeProto { Input = { "condition" }, Output = { "y" }, OpType = "If", Name = "if", Attribute = { Branch("else_branch", "sum"), Branch("then_branch", "custom") } });
        graph.Node.Insert(0, new NodeProto { Output = { "condition" }, OpType = "Constant", Name = "constant", Attribute = { new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = Weights("", ElementType.Boolean, [], 1) } } });
        graph.Output.Add(Info("y", ElementType.Float32, 2, 3));
        graph.Output[0].MetadataProps.Add(Entry("unit", "V"));
        graph.ValueInfo.Add(Info("sum", ElementType.Float32, 2, 3));
        graph.ValueInfo[0].Type.Denotation = "IMAGE";
        graph.ValueInfo[0].Type.TensorType.Shape.Dim[0].Denotation = "DATA_BATCH";
        graph.QuantizationAnnotation.Add(new TensorAnnotation { TensorName = "x", QuantParameterTensorNames = { Entry("SCALE_TENSOR", "w") } });
        graph.MetadataProps.Add(Entry("of", "graph"));
        return model;
    }

    /// <summary>A tensor of bytes that count up.</summary>
    public static TensorProto Weights(string name, ElementType type, long[] dims, int bytes)
    {
        var tensor = new TensorProto { DataType = (int)type, RawData = ByteString.CopyFrom([.. Enumerable.Range(1, bytes).Select(i => (byte)i)]) };
        if (name.Length > 0)
        {
            tensor.Name = name;
        }

        tensor.Dims.AddRange(dims);
        return tensor;
    }

    private static AttributeProto[] Attributes() =>
    [
        new() { Name = "a_float", Type = AttributeProto.Types.AttributeType.Float, F = 0.5f, DocString = "half" },
        new() { Name = "b_floats", Type = AttributeProto.Types.AttributeType.Floats, Floats = { 1, float.NaN } },
        new() { Name = "c_int", Type = AttributeProto.Types.AttributeType.Int, I = long.MinValue },
        new() { Name = "d_ints", Type = AttributeProto.Types.AttributeType.Ints, Ints = { 1, -1 } },
        new() { Name = "e_text", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8("ß") },
        new() { Name = "f_bytes", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFrom(0xFF, 0xFE) },
        new() { Name = "g_texts", Type = AttributeProto.Types.AttributeType.Strings, Strings = { ByteString.CopyFromUtf8("a"), ByteString.Empty } },
        new() { Name = "h_tensors", Type = AttributeProto.Types.AttributeType.Tensors, Tensors = { Weights("t", ElementType.UInt8, [2], 2) } },
        new() { Name = "i_sparse", Type = AttributeProto.Types.AttributeType.SparseTensor, SparseTensor = Sparse("s") },
        new() { Name = "j_type", Type = AttributeProto.Types.AttributeType.TypeProto, Tp = TensorOf(ElementType.Float32) },
        new() { Name = "k_types", Type = AttributeProto.Types.AttributeType.TypeProtos, TypeProtos = { TensorOf(ElementType.Float32) } },
        new() { Name = "l_sparse_tensors", Type = AttributeProto.Types.AttributeType.SparseTensors, SparseTensors = { Sparse("s") } },
        new() { Name = "m_empty", Type = AttributeProto.Types.AttributeType.Ints },
    ];

    private static AttributeProto Branch(string name, string outer) => new()
    {
        Name = name,
        Type = AttributeProto.Types.AttributeType.Graph,
        G = new GraphProto
        {
            Name = name,
            Node = { new NodeProto { Input = { outer }, Output = { name + "_y" }, OpType = "Identity", Name = name + "_node" } },
            Output = { Info(name + "_y", ElementType.Float32, 2, 3) },
        },
    };

    private static FunctionProto Function() => new()
    {
        Name = "Custom",
        Domain = "org.example",
        Overload = "second",
        Input = { "a", "b", "c" },
        Output = { "d", "e" },
        Attribute = { "alpha" },
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 21 } },
        Node =
        {
            new NodeProto { Input = { "a" }, Output = { "d" }, OpType = "Identity" },
            new NodeProto { Input = { "a" }, Output = { "e" }, OpType = "Elu", Attribute = { new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, RefAttrName = "alpha" } } },
        },
        MetadataProps = { Entry("k", "v") },
    };

    private static SparseTensorProto Sparse(string name) => new()
    {
        Dims = { 2, 3 },
        Values = Weights(name, ElementType.Float32, [1], 4),
        Indices = new TensorProto { DataType = (int)ElementType.Int64, Dims = { 1 }, RawData = ByteString.CopyFrom(2, 0, 0, 0, 0, 0, 0, 0) },
    };

    private static TypeProto TensorOf(ElementType type) => new() { TensorType = new() { ElemType = (int)type } };

    private static ValueInfoProto Info(string name, ElementType type, params long[] dims)
    {
        var info = new ValueInfoProto { Name = name, Type = TensorOf(type) };
        info.Type.TensorType.Shape = new TensorShapeProto { Dim = { dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }) } };
        return info;
    }

    private static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };
}
