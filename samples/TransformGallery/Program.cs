using TransformGallery;

if (args.Length > 1)
{
    Console.Error.WriteLine($"Expected at most the folder to write to, got {args.Length} arguments.");
    return 1;
}

var folder = args.Length == 1 ? args[0] : Path.Combine("docs", "figures", "transforms");
try
{
    foreach (var entry in Gallery.All)
        entry.Draw().SaveSvg(Path.Combine(folder, entry.FileName));
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"The figures could not be written: {exception.Message}");
    return 1;
}

Console.WriteLine($"{Gallery.All.Count} figures in {folder}");
return 0;
