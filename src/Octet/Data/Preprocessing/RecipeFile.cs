using System.Text.Json;

namespace Octet.Data.Preprocessing;

/// <summary>
/// Reads recipes from JSON files: an array of steps, each a string as in a recipe of one line (<c>["rgb", "resize=96x96", "scale=1/255"]</c>).
/// Comments and trailing commas are allowed.
/// </summary>
internal static class RecipeFile
{
    private const long MaxLength = 1 << 20;

    private static readonly JsonSerializerOptions Options = new() { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a recipe file.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.PreprocessInvalid"/>.</exception>
    internal static Preprocess Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                throw new OctetException(ErrorCodes.PreprocessInvalid, $"the preprocessing file \"{path}\" is empty, or no file but a pipe or device");
            }

            if (new FileInfo(path) is { Exists: true, Length: > MaxLength })
            {
                throw new OctetException(ErrorCodes.PreprocessInvalid, $"the preprocessing file \"{path}\" takes more than {MaxLength} bytes");
            }

            var steps = JsonSerializer.Deserialize<string[]>(File.ReadAllBytes(path), Options) ?? [];
            return Preprocess.ParseLine(string.Join(',', steps));
        }
        catch (JsonException e)
        {
            throw new OctetException(ErrorCodes.PreprocessInvalid, $"the preprocessing file \"{path}\" is no JSON array of steps: {e.Message}", innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OctetException(ErrorCodes.PreprocessInvalid, $"the preprocessing file \"{path}\" cannot be read: {e.Message}", innerException: e);
        }
    }
}
