namespace Octet.Formats.Onnx;

/// <summary>
/// The schema (onnx.proto) as the scan needs it: the kind of every field, and the memory that messages and elements take. Written out,
/// because asking the generated code for its descriptors costs a tenth of a second at the start of a program; a test compares the two.
/// </summary>
/// <remarks>
/// The figures beyond those of objects and lists are what the graph makes of an element (values and their entries in tables, nodes, tensors).
/// They were measured: what reading a million of them takes, less the messages.
/// </remarks>
internal static class WireSchema
{
    /// <summary>Bytes of memory of a list's first array, beyond its first element.</summary>
    public const int FirstOfList = 64;

    // An element's place in a list that doubles as it grows, with the array that it grew out of.
    private const int Place = 24;
    private const int TextObject = 32;
    private const int BytesObjects = 80;
    private const int NewValue = 320;

    private static WireField Text => new(WireFieldKind.Text, Memory: TextObject);

    private static WireField Bytes => new(WireFieldKind.Bytes, Memory: BytesObjects);

    private static WireField Packed => new(WireFieldKind.PackedBytes, IsList: true, Place + BytesObjects);

    private static WireField Integer => new(WireFieldKind.Integer);

    private static WireField Integers => new(WireFieldKind.Integer, IsList: true, 2 * Place);

    /// <summary>What is known of a field.</summary>
    /// <param name="message">The type of the message that holds it.</param>
    /// <param name="number">Its number.</param>
    public static WireField Field(WireMessage message, uint number) => message switch
    {
        WireMessage.Attribute => Attribute(number),
        WireMessage.DeviceConfiguration => number switch { 1 => Text, 2 => Integer, 3 => Texts(), _ => default },
        WireMessage.Dimension => number switch { 1 => Integer, 2 or 3 => Text, _ => default },
        WireMessage.Function => Function(number),
        WireMessage.Graph => Graph(number),
        WireMessage.IntIntListEntry => number switch { 1 => Integer, 2 => Integers, _ => default },
        WireMessage.Model => Model(number),
        WireMessage.Node => Node(number),
        WireMessage.NodeDeviceConfiguration => number switch { 1 => Text, 2 => Several(WireMessage.ShardingSpec), 3 => Integer, _ => default },
        WireMessage.OperatorSetId => number switch { 1 => Text, 2 => Integer, _ => default },
        WireMessage.ShardedDim => number switch { 1 => Integer, 2 => Several(WireMessage.SimpleShardedDim), _ => default },
        WireMessage.ShardingSpec => number switch
        {
            1 => Text,
            2 => Integers,
            3 => Several(WireMessage.IntIntListEntry),
            4 => Several(WireMessage.ShardedDim),
            _ => default,
        },
        WireMessage.SimpleShardedDim => number switch { 1 or 3 => Integer, 2 => Text, _ => default },
        WireMessage.SparseTensor => number switch { 1 or 2 => One(WireMessage.Tensor), 3 => Integers, _ => default },
        WireMessage.StringStringEntry => number switch { 1 or 2 => Text, _ => default },
        WireMessage.Tensor => Tensor(number),
        WireMessage.TensorAnnotation => number switch { 1 => Text, 2 => Several(WireMessage.StringStringEntry), _ => default },
        WireMessage.TensorSegment => number switch { 1 or 2 => Integer, _ => default },
        WireMessage.TensorShape => number switch { 1 => Several(WireMessage.Dimension, 60), _ => default },
        WireMessage.TrainingInfo => number switch { 1 or 2 => One(WireMessage.Graph), 3 or 4 => Several(WireMessage.StringStringEntry), _ => default },
        WireMessage.Type => Type(number),
        WireMessage.TypeMap => number switch { 1 => Integer, 2 => One(WireMessage.Type), _ => default },
        WireMessage.TypeOpaque => number switch { 1 or 2 => Text, _ => default },
        WireMessage.TypeOptional or WireMessage.TypeSequence => number switch { 1 => One(WireMessage.Type), _ => default },
        WireMessage.TypeSparseTensor or WireMessage.TypeTensor => number switch { 1 => Integer, 2 => One(WireMessage.TensorShape), _ => default },
        WireMessage.ValueInfo => number switch { 1 or 3 => Text, 2 => One(WireMessage.Type), 4 => Several(WireMessage.StringStringEntry), _ => default },
        _ => default,
    };

    /// <summary>Bytes of memory of one message without elements and texts.</summary>
    public static int Memory(WireMessage message) => message switch
    {
        WireMessage.Attribute => Object(18, lists: 7) + 180,
        WireMessage.Function => Object(12, lists: 8),
        WireMessage.Graph => Object(10, lists: 8) + 800,
        WireMessage.Model => Object(12, lists: 5),
        WireMessage.Node => Object(10, lists: 5) + 450,
        WireMessage.SparseTensor => Object(3, lists: 1),
        WireMessage.Tensor => Object(15, lists: 9) + 220,
        WireMessage.TensorShape => Object(1, lists: 1),
        WireMessage.ValueInfo => Object(4, lists: 1),
        WireMessage.NodeDeviceConfiguration or WireMessage.DeviceConfiguration => Object(3, lists: 1),
        WireMessage.ShardingSpec => Object(4, lists: 3),
        WireMessage.TrainingInfo => Object(4, lists: 2),
        WireMessage.IntIntListEntry or WireMessage.ShardedDim or WireMessage.TensorAnnotation => Object(2, lists: 1),
        WireMessage.Type => Object(7, lists: 0),
        _ => Object(3, lists: 0),
    };

    private static WireField Attribute(uint number) => number switch
    {
        1 or 13 or 21 => Text,
        2 => new(WireFieldKind.Float),
        3 or 20 => Integer,
        4 => Bytes,
        5 => One(WireMessage.Tensor),
        6 => One(WireMessage.Graph),
        7 => new(WireFieldKind.Float, IsList: true, Place),
        8 => Integers,
        9 => new(WireFieldKind.Bytes, IsList: true, Place + BytesObjects + TextObject),
        10 => Several(WireMessage.Tensor),
        11 => Several(WireMessage.Graph),
        14 => One(WireMessage.Type),
        15 => Several(WireMessage.Type),
        22 => One(WireMessage.SparseTensor),
        23 => Several(WireMessage.SparseTensor),
        _ => default,
    };

    private static WireField Function(uint number) => number switch
    {
        1 or 8 or 10 or 13 => Text,
        4 or 5 or 6 => Texts(),
        7 => Several(WireMessage.Node),
        9 => Several(WireMessage.OperatorSetId),
        11 => Several(WireMessage.Attribute),
        12 => Several(WireMessage.ValueInfo),
        14 => Several(WireMessage.StringStringEntry),
        _ => default,
    };

    private static WireField Graph(uint number) => number switch
    {
        1 => Several(WireMessage.Node),
        2 or 10 => Text,
        5 => Several(WireMessage.Tensor, NewValue),
        11 => Several(WireMessage.ValueInfo, NewValue),
        12 => Several(WireMessage.ValueInfo, 100),
        13 => Several(WireMessage.ValueInfo),
        14 => Several(WireMessage.TensorAnnotation),
        15 => Several(WireMessage.SparseTensor, NewValue + 1200),
        16 => Several(WireMessage.StringStringEntry),
        _ => default,
    };

    private static WireField Model(uint number) => number switch
    {
        1 or 5 => Integer,
        2 or 3 or 4 or 6 => Text,
        7 => One(WireMessage.Graph),
        8 => Several(WireMessage.OperatorSetId, 80),
        14 => Several(WireMessage.StringStringEntry, 80),
        20 => Several(WireMessage.TrainingInfo),
        25 => Several(WireMessage.Function),
        26 => Several(WireMessage.DeviceConfiguration),
        _ => default,
    };

    private static WireField Node(uint number) => number switch
    {
        1 => Texts(80),
        2 => Texts(NewValue),
        3 or 4 or 6 or 7 or 8 => Text,
        5 => Several(WireMessage.Attribute),
        9 => Several(WireMessage.StringStringEntry),
        10 => Several(WireMessage.NodeDeviceConfiguration),
        _ => default,
    };

    private static WireField Tensor(uint number) => number switch
    {
        1 => Integers with { Memory = 64 },
        2 or 14 => Integer,
        3 => One(WireMessage.TensorSegment),
        4 or 5 or 7 or 10 or 11 => Packed,
        6 => new(WireFieldKind.Bytes, IsList: true, Place + BytesObjects),
        8 or 12 => Text,
        9 => Bytes,
        13 or 16 => Several(WireMessage.StringStringEntry),
        _ => default,
    };

    private static WireField Type(uint number) => number switch
    {
        1 => One(WireMessage.TypeTensor),
        4 => One(WireMessage.TypeSequence),
        5 => One(WireMessage.TypeMap),
        6 => Text,
        7 => One(WireMessage.TypeOpaque),
        8 => One(WireMessage.TypeSparseTensor),
        9 => One(WireMessage.TypeOptional),
        _ => default,
    };

    private static WireField Texts(int graph = 0) => new(WireFieldKind.Text, IsList: true, Place + TextObject + graph);

    private static WireField One(WireMessage inner) => new(WireFieldKind.Message, IsList: false, Memory(inner), inner);

    private static WireField Several(WireMessage inner, int graph = 0) => new(WireFieldKind.Message, IsList: true, Place + Memory(inner) + graph, inner);

    // Header, table of unknown fields and presence bits; a reference or number for each field; an object for each list, be it empty.
    private static int Object(int fields, int lists) => 40 + (8 * fields) + (32 * lists);
}
