using System.Runtime.CompilerServices;
using Octet.Numerics.Rescaling;

namespace Octet.Inference.Kernels;

/// <summary>Right shifts of 32-bit lanes with every rounding: <see cref="RoundingShift"/> on vectors.</summary>
internal static unsafe class RoundedShift
{
    /// <summary>Parameters of <see cref="Apply"/>.</summary>
    public const int Width = 6;

    /// <summary>The most that is shifted.</summary>
    public const int Most = 31;

    /// <summary>Writes what <see cref="Apply"/> needs.</summary>
    /// <param name="shift">0 to <see cref="Most"/>.</param>
    /// <param name="rounding">What becomes of the bits that fall off.</param>
    /// <param name="parameters">Where to.</param>
    public static void Prepare(int shift, ShiftRounding rounding, Span<int> parameters)
    {
        parameters[0] = shift;
        parameters[1] = (int)((1L << shift) - 1);

        // Rounded up is what is more than a half; where halves go up, too, what is more than a half less 1.
        parameters[2] = rounding == ShiftRounding.Floor ? int.MaxValue : shift == 0 ? 1 : 1 << (shift - 1);
        parameters[3] = rounding == ShiftRounding.HalfUp ? 1 : 0;
        parameters[4] = rounding == ShiftRounding.HalfEven ? 1 : 0;
        parameters[5] = rounding == ShiftRounding.HalfAway ? 1 : 0;
    }

    /// <summary>Shifts and rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<T, TVector>(TVector values, int* parameters)
        where T : ILanes<TVector>
        where TVector : unmanaged
    {
        var floor = T.ShiftRight(values, T.Load(parameters));
        var rest = T.And(values, T.Load(parameters + T.Count));
        var halfUp = T.Or(
            T.Or(T.Load(parameters + (3 * T.Count)), T.And(floor, T.Load(parameters + (4 * T.Count)))),
            T.And(T.Greater(values, T.Create(0)), T.Load(parameters + (5 * T.Count))));
        return T.Subtract(floor, T.Greater(rest, T.Subtract(T.Load(parameters + (2 * T.Count)), halfUp)));
    }
}
