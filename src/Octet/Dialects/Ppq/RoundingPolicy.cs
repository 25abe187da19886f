namespace Octet.Dialects.Ppq;

/// <summary>How PPQ rounds a value that lies half-way between two steps (ppq/utils/round.py); other values go to the nearer step.</summary>
public enum RoundingPolicy
{
    /// <summary>ROUND_HALF_EVEN: to the even step.</summary>
    HalfEven,

    /// <summary>ROUND_HALF_UP: ⌊x + ½⌋.</summary>
    HalfUp,

    /// <summary>ROUND_HALF_DOWN: ⌈x − ½⌉.</summary>
    HalfDown,

    /// <summary>ROUND_HALF_FAR_FORM_ZERO (PPQ's spelling): sgn(x) · ⌊|x| + ½⌋.</summary>
    HalfFarFromZero,
}
