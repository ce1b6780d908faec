using System.IO.Compression;
using FlowCore.IO;

namespace FlowCore.Tests.IO;

/// <summary>Files as torch.save writes them: a real one, and ones put together from a pickle and storages.</summary>
internal static class TorchFile
{
    /// <summary>
    /// A file that PyTorch 1.13 saved, gzipped: {'model': OrderedDict of base = arange(24) as float [2, 3, 4], view =
    /// base.permute(2, 0, 1)[1:, :, ::2], row = base[1], wide = [1, 2] as double expanded to [2, 3], half, brain
    /// (bfloat16), mask, steps = -7, none [0, 3] and the parameter weight; 'norm': a batch norm module's state dict;
    /// and 'epoch': 5, 'rate': 1e-3, 'tag', 'best': None, 'done': True, 'dims': (1, 2), 'opt' with dictionaries in a
    /// list, 'big': 2**40, 'neg': -3}.
    /// </summary>
    private const string Saved =
        "H4sIAAAAAAACA72X+3MTVRTHN2mbhrRChYpVUd6aCpS2KX0IkjbUgCyPdgGNKIZNsiRLk2zO7k2LYrSifYAv1CovxSLq6Iw/+KP+" +
        "oMP4BzijA8444wzO+IO/qr85o1PPvXdJ76alpci4w9lNNvfz/Z577t2zpUcuK5ckr1eaclRLi6VD+pH1CZWoDbm+dDi0UNo/5Rh0" +
        "F0DyRyoQyBgJLQ2ueNxIp7U40Y2s5dttJjRTS3TrceIDd70CZf4I+kkx1dKgPE4MM55qiOaJnrZ8UVOL5fV0Ikq0rGWY0f5mH1T4" +
        "/ZFKHG/hSDWpgYcjvnDaUMkeftMHlREXjmkEb6QMr/FcHubJdQR8vbIku+UyuXwEquRquVx2jUD18RTN4zYC8xVYwJLp17UBqEmh" +
        "V8qTqkx5U4y+vVd2IeuW3SOwED9Wy94RWMTpWgJ3KLCY2ZnGANxZCtf14ng0Hoa7qO0w3M3BewgsUeBeZjugJzS4j5P2tLqNfCyt" +
        "Fee1lM2rCZahqJvAcns+w7AC85GGYSUXXUVgtQL3M9GUmj4EDzhEt+GtoqSfSTZDPZd8kEkOwRrZNQRrudw6Ag0KrGdrGjNVPQuN" +
        "Dr0QK35Ta1GziWkGoJlrBmzNFqq5gWu2EmhToJ2lmFGtPuhwShpGuij3EJNrgY1cbhOVc8nuYXgYJ4+l3MwlgwQ6FehiaVpEy1kQ" +
        "cmjuMLLJouYWprkBulHTReAR1Kyv5zphAlsV2MZSyxpZDR69tpiMaYXtyEgEZJqHRKu/A1cW89jJ+V0EdivQE/HQJdX0ZIpA73U2" +
        "dk411YxGNNMHisOkDfbwxPbyyaL6Pn55jJs8TiCiwBOj7Mv+EXhSgafydspmBg6w+0/7U70O2XaIctmDTHYIVHqKcck4gYQCGn8c" +
        "ddWCQw62A5KcTdmsTk+HOdtHIK1AJlJN938+m9WzyWhGU7OQLWq46c5tBIOL5GwRoCeTi1gEiAL5SJUg0q+a0O/UaIIBrnHE1niG" +
        "np7lGkcJPKdAIbKIViKficZUEk9pVpSYarxPS8DzttYWrtUML3CtQWEDvEjgmAIv5QvwcmQejsKZEJV2PRhivw9HaDuEkQKMsl7U" +
        "r5kWNjc4Lrsty4qxDajljHgKTsgVrJymSjR4ZWuwJ7bzhz8++5u1CaIm4VW2SXCuy777Gl7jldewDK/vYp8TdPe9Mco/6xkLTvJ9" +
        "/yYTMHIE3irA2357x1OPsQK8I0sFeJctWQZOOUsXgNN8umfs0p2lp3N82u8ReF+B85bFkkqaRh4foQ8OwHgBLvgZnzbhw63Br87Q" +
        "4ywbxTawBRcPwEd+qqjl1TxLLqYn4eMTHvbicLE7WS0Jn2z/Z2JiIt/QI1d6V+W75q/GATR6rvvS8Ukriy+d9Y3h0NJpXjmOg2OD" +
        "QTx14j+MQYxxjEsYv2BIXZJUg7EMoxGjE6MH4yBGDmMQYxTjJMZpjHGMTzG+wPiyi6Z+rOvn7EEUojFT6v7J1JvCoVWzpS7k/3vQ" +
        "FumkftHjF4/W4JeaGf2qpDbBD2sVuCHDafyp55Kr3cvpviufxXOL4ImTDN6Mp9N/MEj9Dx++8Plc/ZtviT8/aA761RUaNfXOkkNQ" +
        "yCEQDm2U/rf5+/D3ojdOH29tli5RvvXKlbE58gHKXwpyvrJ3/69z5Fso72KV+2blt6xjuGehPZP0hnDIjYX7a4IfVOXcj2t+c9Zf" +
        "mlalc1KlNRza9J+2wEzZ1k36tIVDtdJ19g9bv+V/rjg1x/q1s/W7+fXv4PzNPL/2K+wWPD8BH3X//nxy3+T6u+il6C82/uopGYn/" +
        "wyglxb7rc1B5jyS8Jko5sX86ucZKgWsq5cQaVjm4cQc3xVBcPCdY6xXBKY5ix3GCYw6w+cYd6+aJYKAUFPuEszZjIjjFUOwPTu6y" +
        "yE3xEzuDk6v1CVxLKSf2AieniNyGa9z0nUI8Totca6mf+Pz6Sh8aoQ/MtBBObq/Itc+010rWQeQ6SjnxSXMu/GWbs5/tHtnjWWv/" +
        "dF/ZuuKwmpLrSJld1uprzcRD/8iVflrAv7vYvQoPZ2rYeD72X2V3Fg07EAAA";

    public static byte[] SavedByPyTorch()
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(Saved)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>An archive of a pickle and storages, each named by its key.</summary>
    public static byte[] Of(PickleBuilder pickle, params (string Key, byte[] Bytes)[] storages) =>
        OfEntries(
        [
            ("a/data.pkl", pickle.ToArray()),
            ("a/byteorder", "little"u8.ToArray()),
            .. storages.Select(s => ($"a/data/{s.Key}", s.Bytes)),
            ("a/version", "3\n"u8.ToArray()),
        ]);

    public static byte[] OfEntries(params (string Name, byte[] Bytes)[] entries)
    {
        var stream = new MemoryStream();
        var zip = new ZipWriter(stream, deflate: false, alignment: 64);
        foreach ((var name, var bytes) in entries)
            zip.Add(name, bytes);

        zip.Complete();
        return stream.ToArray();
    }
}
