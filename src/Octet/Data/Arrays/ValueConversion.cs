using System.Globalization;
using System.Numerics;
using Octet.Numerics;

namespace Octet.Data.Arrays;

/// <summary>Converts values to the type of a model's input. Nothing is lost in silence: what does not fit is an error.</summary>
internal static class ValueConversion
{
    /// <summary>Converts; floats to integers only where they are whole, all to integers only where they lie in the type's range.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.SampleOutOfRange"/> or <see cref="ErrorCodes.ArrayTypeUnsupported"/>.</exception>
    internal static Tensor To(Tensor values, InputSpec spec, string place)
    {
        if (values.Type == spec.Type)
        {
            return values;
        }

        var context = new Context(spec, place);
        return spec.Type switch
        {
            ElementType.Float32 => Tensor.FromArray(values.ToFloats(), values.Shape),
            ElementType.Float64 => From<double>(values, context),
            ElementType.Float16 => From<Half>(values, context),
            ElementType.UInt8 => From<byte>(values, context),
            ElementType.Int8 => From<sbyte>(values, context),
            ElementType.UInt16 => From<ushort>(values, context),
            ElementType.Int16 => From<short>(values, context),
            ElementType.UInt32 => From<uint>(values, context),
            ElementType.Int32 => From<int>(values, context),
            ElementType.UInt64 => From<ulong>(values, context),
            ElementType.Int64 => From<long>(values, context),
            ElementType.Boolean => Booleans(values, context),
            _ => throw context.Unsupported(values.Type),
        };
    }

    private static Tensor Booleans(Tensor values, Context context)
    {
        var bytes = Map<long, byte>(Whole(values, context), v => v is 0 or 1 ? (byte)v : throw context.OutOfRange(v));
        return Tensor.FromArray(ElementType.Boolean, bytes, values.Shape);
    }

    private static ReadOnlySpan<long> Whole(Tensor values, Context context) => From<long>(values, context).AsSpan<long>();

    private static Tensor From<TTo>(Tensor values, Context context)
        where TTo : unmanaged, INumber<TTo>
        => Tensor.FromArray(
            values.Type switch
            {
                ElementType.Float32 => Cast<float, TTo>(values, context),
                ElementType.Float64 => Cast<double, TTo>(values, context),
                ElementType.Float16 => Cast<Half, TTo>(values, context),
                ElementType.UInt8 or ElementType.Boolean => Cast<byte, TTo>(values, context),
                ElementType.Int8 => Cast<sbyte, TTo>(values, context),
                ElementType.UInt16 => Cast<ushort, TTo>(values, context),
                ElementType.Int16 => Cast<short, TTo>(values, context),
                ElementType.UInt32 => Cast<uint, TTo>(values, context),
                ElementType.Int32 => Cast<int, TTo>(values, context),
                ElementType.UInt64 => Cast<ulong, TTo>(values, context),
                ElementType.Int64 => Cast<long, TTo>(values, context),
                _ => throw context.Unsupported(values.Type),
            },
            values.Shape);

    private static TTo[] Cast<TFrom, TTo>(Tensor values, Context context)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        bool toInteger = TTo.One / (TTo.One + TTo.One) == TTo.Zero;
        return Map<TFrom, TTo>(values.AsSpan<TFrom>(), value =>
        {
            if (!toInteger)
            {
                return TTo.CreateSaturating(value);
            }

            if (!TFrom.IsFinite(value) || !TFrom.IsInteger(value))
            {
                throw context.OutOfRange(value);
            }

            try
            {
                return TTo.CreateChecked(value);
            }
            catch (OverflowException)
            {
                throw context.OutOfRange(value);
            }
        });
    }

    private static TTo[] Map<TFrom, TTo>(ReadOnlySpan<TFrom> values, Func<TFrom, TTo> convert)
    {
        var result = new TTo[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = convert(values[i]);
        }

        return result;
    }

    private readonly record struct Context(InputSpec Spec, string Place)
    {
        internal OctetException OutOfRange(IFormattable value)
            => new(ErrorCodes.SampleOutOfRange, $"{Place} holds {value.ToString(null, CultureInfo.InvariantCulture)}, which input \"{Spec.Name}\" of type {Spec.Type} cannot take");

        internal OctetException Unsupported(ElementType given)
            => new(ErrorCodes.ArrayTypeUnsupported, $"{Place} holds {given}, which does not convert to {Spec.Type} of input \"{Spec.Name}\"");
    }
}
