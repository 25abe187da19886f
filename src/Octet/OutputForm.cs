namespace Octet;

/// <summary>How quantized operators are written.</summary>
public enum OutputForm
{
    /// <summary>Float operators between QuantizeLinear and DequantizeLinear.</summary>
    Qdq,

    /// <summary>Integer operators: QLinearConv and its kin.</summary>
    QOperator,
}
