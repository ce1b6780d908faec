using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>Command lines that cannot be: each is one sentence that says what is wrong and where, and writes nothing. @ is the folder.</summary>
[TestFixture]
internal sealed class BadCommandLineTests
{
    private static readonly BadCommandLine[] _all =
    [
        new(2, "Option '--output' is required.", ["fit"]),
        new(2, "Option '--output' is required.", ["fit", "@good.csv"]),
        new(1, "The file '@none.csv' does not exist.", ["fit", "@none.csv", "-o", "@o.safetensors"]),
        new(1, "The table '@folder.csv' cannot be read: this name is a folder.", ["fit", "@folder.csv", "-o", "@o.safetensors"]),
        new(1, "@table.xyz: Expected a name that ends in .csv, .tsv, .txt, .dat, .npy, .npz, .parquet, .h5 or .hdf5, got another.", ["fit", "@table.xyz", "-o", "@o.safetensors"]),
        new(1, "@empty.csv: Expected a table, the file is empty, or a pipe, which cannot be read twice: write it to a file first.", ["fit", "@empty.csv", "-o", "@o.safetensors"]),
        new(1, "@header.csv: Expected rows below the line of column names, there are none.", ["fit", "@header.csv", "-o", "@o.safetensors"]),
        new(1, "@text.csv: Expected a number in column 'b', line 6, got 'high'.", ["fit", "@text.csv", "-o", "@o.safetensors"]),
        new(1, "@hole.csv: Expected a number in column 'b', line 6, got an empty field; --missing drop leaves such rows out.", ["fit", "@hole.csv", "-o", "@o.safetensors"]),
        new(1, "@ragged.csv: Expected 2 fields in line 6, got 1", ["fit", "@ragged.csv", "-o", "@o.safetensors"]),
        new(1, "@constant.csv: column 'b' is 7 in every row, so it has no density; leave it out of --columns.", ["fit", "@constant.csv", "-o", "@o.safetensors", "--columns", "a,b"]),
        new(1, "@constant.csv: column 'b' is 7 in every row, so it has no density; leave it out of --columns.", ["fit", "@constant.csv", "-o", "@o.safetensors", "--columns", "b"]),
        new(1, "@twins.csv: column 'b' is the same as 'a' in every row, so both together have no density; leave it out of --columns.", ["fit", "@twins.csv", "-o", "@o.safetensors", "--columns", "a,b"]),
        new(1, "@negative.csv: Expected weights of at least 0, got -1 in row 10, counted from 1.", ["fit", "@negative.csv", "-o", "@o.safetensors", "--weights", "w"]),
        new(1, "@weightless.csv: Expected a weight above 0, got zeros alone.", ["fit", "@weightless.csv", "-o", "@o.safetensors", "--weights", "w"]),
        new(1, "@few.csv: Expected at least 10 rows to fit a density to, got 5.", ["fit", "@few.csv", "-o", "@o.safetensors"]),
        new(2, "DATA must name a file or a folder, but it is empty or holds a null character.", ["fit", "", "-o", "@o.safetensors"]),
        new(2, "--output must name a file or a folder, but it is empty or holds a null character.", ["fit", "@good.csv", "-o", ""]),
        new(2, "--output must name a .safetensors file, but it is '@o.pt'.", ["fit", "@good.csv", "-o", "@o.pt"]),
        new(1, "@pair.safetensors is already there; --force replaces it, --resume goes on with an interrupted run.", ["fit", "@good.csv", "-o", "@pair.safetensors"]),
        new(2, "--columns must be names of columns with commas between them, but it is 'a,,b'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,,b"]),
        new(2, "--columns names the column 'a' twice.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,a"]),
        new(1, "@good.csv: Expected the name of a column, got 'd'; there are 'a', 'b', 'c', 'w'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,d"]),
        new(1, "@good.csv: Expected the name of a column, got 'A'; did you mean 'a'?", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "A"]),
        new(1, "@good.csv: Expected the name of a column, got 'd'; there are 'a', 'b', 'c', 'w'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--context", "d"]),
        new(2, "--context names the column 'a' twice.", ["fit", "@good.csv", "-o", "@o.safetensors", "--context", "a,a"]),
        new(2, "The column 'a' is named by --columns and by --context or --weights; it can be one of them.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a", "--context", "a"]),
        new(2, "The column 'a' is named by --columns and by --context or --weights; it can be one of them.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a", "--weights", "a"]),
        new(2, "The column 'a' is named by --context and by --weights; it can be one of them.", ["fit", "@good.csv", "-o", "@o.safetensors", "--context", "a", "--weights", "a"]),
        new(1, "@good.csv: Expected the name of a column, got 'd'; there are 'a', 'b', 'c', 'w'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--weights", "d"]),
        new(2, "@pair.csv has no column beside those of --context and --weights, so there is nothing to fit.", ["fit", "@pair.csv", "-o", "@o.safetensors", "--context", "a,b"]),
        new(2, "--bounds must be column=support, with 0..1, circle, circle:-pi..pi, positive, above:5, integers or real as the support, but it is 'a'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a"]),
        new(2, "--bounds names the column 'z', which is none of those that are fitted; did you mean 'a'?", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "z=0..1"]),
        new(2, "--bounds names the column 'a' twice.", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=0..1,a=real"]),
        new(2, "--bounds takes the lower end before the upper one, as in 0..1, but it is '1..0'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=1..0"]),
        new(2, "--bounds takes 0..1, circle, circle:-pi..pi, positive, above:5, integers or real, but it is '0..one'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=0..one"]),
        new(2, "--bounds takes 0..1, circle, circle:-pi..pi, positive, above:5, integers or real, but it is 'cirkle'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=cirkle"]),
        new(1, "@good.csv: Expected column 'a' within 0..1, got ", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=0..1"]),
        new(1, "@good.csv: Expected column 'a' within positive, got ", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=positive"]),
        new(1, "@good.csv: Expected column 'a' within integers, got ", ["fit", "@good.csv", "-o", "@o.safetensors", "--bounds", "a=integers"]),
        new(2, "--flow names no flow with 'nfs'; did you mean 'nsf'?", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "nfs"]),
        new(2, "--flow: Expected a letter of \"ghptx\" for factor 0, e4 at character 2 of \"gq\", got 'q'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "e4:gq"]),
        new(2, "--flow: the spaces e9 have 9 coordinates, but 4 columns are fitted; --columns names them in the order of the spaces.", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "e9:gg"]),
        new(2, "--bounds is for flows; in a density on manifolds the spaces say where the columns live.", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "e4:gg", "--bounds", "a=-9..9"]),
        new(1, "@good.csv: Expected a flow that takes context, got 'radial', which takes none.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,b", "--flow", "radial", "--context", "c"]),
        new(2, "--epochs must be a whole number of at least 1, but it is '0'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--epochs", "0"]),
        new(2, "--epochs must be a whole number of at least 1, but it is 'many'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--epochs", "many"]),
        new(2, "--epochs must be at most 2147483647, but it is 3000000000.", ["fit", "@good.csv", "-o", "@o.safetensors", "--epochs", "3000000000"]),
        new(2, "--batch must be a whole number of at least 1, but it is '-1'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--batch", "-1"]),
        new(2, "--lr must be a number from 1E-09 to 10, but it is '0'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--lr", "0"]),
        new(2, "--lr must be a number from 1E-09 to 10, but it is 'fast'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--lr", "fast"]),
        new(2, "--validation must be a number from 0.001 to 0.9, but it is '1'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--validation", "1"]),
        new(2, "--patience must be a whole number of at least 1, but it is '0'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--patience", "0"]),
        new(2, "--seed must be a whole number from 0 to 18446744073709551615, but it is '-1'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--seed", "-1"]),
        new(2, "--threads must be a whole number from 0 to 4096, but it is 'two'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--threads", "two"]),
        new(2, "--device must be cpu, cuda, opencl or gpu, but it is 'tpu'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--device", "tpu"]),
        new(2, "--device takes an index after the colon, as in cuda:1, but it is 'cuda:x'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--device", "cuda:x"]),
        new(2, "--resume and --force exclude each other: one keeps what is there, the other replaces it.", ["fit", "@good.csv", "-o", "@o.safetensors", "--resume", "--force"]),
        new(2, "--missing must be refuse or drop, but it is 'maybe'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--missing", "maybe"]),
        new(2, "--delimiter must be comma or semicolon or tab or space, but it is 'dot'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--delimiter", "dot"]),
        new(2, "--header must be yes or no, but it is 'maybe'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--header", "maybe"]),
        new(2, "Unknown flag '--colums'; did you mean '--columns'?", ["fit", "@good.csv", "-o", "@o.safetensors", "--colums", "a"]),
        new(2, "fit does not take the word '@pair.csv'", ["fit", "@good.csv", "@pair.csv", "-o", "@o.safetensors"]),
        new(2, "Unknown verb 'fitt'; did you mean 'fit'?", ["fitt", "@good.csv"]),
        new(2, "Required argument 'DATA' missing for command: 'evaluate'.", ["evaluate", "@pair.safetensors"]),
        new(1, "The file '@none.safetensors' does not exist.", ["evaluate", "@none.safetensors", "@pair.csv"]),
        new(1, "@pair.csv: Expected tensors as safetensors or as torch.save writes them, got text.", ["evaluate", "@pair.csv", "@pair.csv"]),
        new(1, "The file '@none.csv' does not exist.", ["evaluate", "@pair.safetensors", "@none.csv"]),
        new(1, "@other.csv: Expected the name of a column, got 'a'; there are 'p', 'q'.", ["evaluate", "@pair.safetensors", "@other.csv"]),
        new(2, "The model takes 2 features, but --columns names 1.", ["evaluate", "@pair.safetensors", "@other.csv", "--columns", "p"]),
        new(1, "@pair.csv: Expected the name of a column, got 'c'; there are 'a', 'b'.", ["evaluate", "@given.safetensors", "@pair.csv"]),
        new(2, "The model takes 0 context features, but --context names 1.", ["evaluate", "@pair.safetensors", "@pair.csv", "--context", "a"]),
        new(2, "The model takes no nuisances, but --nu gives '1'.", ["evaluate", "@pair.safetensors", "@pair.csv", "--nu", "1"]),
        new(1, "@hole.csv: Expected a number in column 'b', line 6, got an empty field; --missing drop leaves such rows out.", ["evaluate", "@pair.safetensors", "@hole.csv"]),
        new(1, "@negative.csv: Expected weights of at least 0, got -1 in row 10, counted from 1.", ["evaluate", "@pair.safetensors", "@negative.csv", "--columns", "a,w", "--weights", "w"]),
        new(1, "Results cannot be written to the folder '@good.csv' (The file '@good.csv' already exists).", ["diagnose", "@pair.safetensors", "@pair.csv", "-o", "@good.csv"]),
        new(2, "--draws must be a whole number of at least 31, but it is '3'.", ["diagnose", "@pair.safetensors", "@pair.csv", "-o", "@d", "--draws", "3"]),
        new(2, "--draws must be at most 65535, but it is 3000000.", ["diagnose", "@pair.safetensors", "@pair.csv", "-o", "@d", "--draws", "3000000"]),
        new(2, "--rows must be a whole number of at least 20, but it is '3'.", ["diagnose", "@pair.safetensors", "@pair.csv", "-o", "@d", "--rows", "3"]),
        new(2, "The model takes 1 context features a row; --context gives them.", ["plot", "@given.safetensors", "-o", "@p.svg"]),
        new(2, "The model takes no context features, but --context gives '1'.", ["plot", "@pair.safetensors", "-o", "@p.svg", "--context", "1"]),
        new(2, "The model takes 1 context features, but --context gives 2: '1,2'.", ["plot", "@given.safetensors", "-o", "@p.svg", "--context", "1,2"]),
        new(2, "--n must be a whole number of at least 2, but it is '1'.", ["plot", "@pair.safetensors", "-o", "@p.svg", "--n", "1"]),
        new(2, "--n must be at most 10000000 for a figure, but it is 100000000.", ["plot", "@pair.safetensors", "-o", "@p.svg", "--n", "100000000"]),
        new(1, "The file '@pair.safetensors' of --output is read by this command; it cannot be replaced by its result.", ["plot", "@pair.safetensors", "-o", "@pair.safetensors"]),
        new(2, "--output must name a .svg file, but it is '@p.png'.", ["plot", "@pair.safetensors", "-o", "@p.png"]),
        new(2, "--output must name a .svg file, but it is '@c.pdf'.", ["compare", "@good.csv", "@pair.csv", "-o", "@c.pdf"]),
        new(2, "--report must name a .html file, but it is '@r.pdf'.", ["fit-response", "--nominal", "@pair.csv", "--template", "1=@pair.csv", "-o", "@o.safetensors", "--report", "@r.pdf"]),
        new(1, "No sample has the column 'v' of --weights.", ["compare", "@good.csv", "@pair.csv", "-o", "@c.svg", "--weights", "v"]),
        new(1, "@negative.csv: Expected weights of at least 0, got -1 in row 10, counted from 1.", ["compare", "@negative.csv", "@negative.csv", "-o", "@c.svg", "--weights", "w"]),
        new(1, "@negative.csv: Expected weights of at least 0, got -1 in row 10, counted from 1.", ["diagnose", "@pair.safetensors", "@negative.csv", "--columns", "a,w", "--weights", "w", "-o", "@"]),
        new(1, "@good.csv: Expected the name of a column, got 'd'; there are 'a', 'b', 'c', 'w'.", ["compare", "@good.csv", "@pair.csv", "-o", "@c.svg", "--columns", "a,d"]),
        new(1, "@pair.csv and @other.csv have no column in common; there is nothing to compare.", ["compare", "@pair.csv", "@other.csv", "-o", "@c.svg"]),
        new(1, "The file '@none.csv' does not exist.", ["compare", "@pair.csv", "@none.csv", "-o", "@c.svg"]),
        new(2, "compare does not take the word '@pair.csv'", ["compare", "@pair.csv", "@pair.csv", "@pair.csv", "@pair.csv", "@pair.csv", "-o", "@c.svg"]),
        new(2, "--columns is for samples of files; a model is compared in all of its features.", ["compare", "@pair.csv", "--model", "@pair.safetensors", "--columns", "a", "-o", "@c.svg"]),
        new(1, "@pair.csv: Expected the name of a column, got 'c'; there are 'a', 'b'.", ["compare", "@pair.csv", "--model", "@given.safetensors", "-o", "@c.svg"]),
        new(2, "--output must name a .csv, .tsv, .npy, .npz or .parquet file, but it is '@s.doc'.", ["sample", "@pair.safetensors", "--n", "3", "-o", "@s.doc"]),
        new(2, "How many rows to draw is not known; --n says so.", ["sample", "@pair.safetensors", "-o", "@s.csv"]),
        new(1, "@pair.csv: Expected the name of a column, got 'c'; there are 'a', 'b'.", ["sample", "@given.safetensors", "--context", "@pair.csv", "-o", "@s.csv"]),
        new(1, "@other.csv: Expected the name of a column, got 'a'; there are 'p', 'q'.", ["log-prob", "@pair.safetensors", "--x", "@other.csv", "-o", "@l.npy"]),
        new(1, "@good.csv: Expected tensors as safetensors or as torch.save writes them, got text.", ["inspect", "@good.csv"]),
        new(2, "--flow names no flow with 'e4'", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "e4"]),
        new(2, "--flow: Expected e<D>, s1, s2, i1, i1_<lo>_<hi>, a<d> or d<K> at character 1 of \"x4\", got 'x'.", ["fit", "@good.csv", "-o", "@o.safetensors", "--flow", "x4:gg"]),
        new(1, "@pair.safetensors is a fit of 'pair.csv', not of '@other.csv', so there is nothing to resume; --force replaces it.", ["fit", "@other.csv", "-o", "@pair.safetensors", "--resume"]),
        new(2, "--output must name a .svg file, but it is '@p.png'.", ["plot", "@pair.safetensors", "-o", "@p.png"]),
        new(2, "--output must name a .svg file, but it is '@given.safetensors'.", ["plot", "@pair.safetensors", "-o", "@given.safetensors"]),
        new(2, "--output must name a .svg file, but it is '@given.safetensors'.", ["compare", "@pair.csv", "-o", "@given.safetensors"]),
        new(2, "--output must name a .npy file, but it is '@l.csv'.", ["log-prob", "@pair.safetensors", "--x", "@pair.csv", "-o", "@l.csv"]),
        new(2, "--report must name a .html file, but it is '@r.txt'.", ["fit-response", "--nominal", "@pair.csv", "--template", "1=@pair.csv", "-o", "@o.safetensors", "--report", "@r.txt"]),
        new(2, "--nuisances names the nuisance 'j' twice.", ["fit-response", "--nominal", "@pair.csv", "--template", "1,1=@pair.csv", "-o", "@o.safetensors", "--nuisances", "j,j"]),
        new(2, "--template takes nuisances that are 0 or of a size from 1E-09 to 1000000000, but '1e300=@pair.csv' has '1e300'.", ["fit-response", "--nominal", "@pair.csv", "--template", "1e300=@pair.csv", "-o", "@o.safetensors"]),
        new(2, "--template takes nuisances that are 0 or of a size from 1E-09 to 1000000000, but '-1e-300=@pair.csv' has '-1e-300'.", ["fit-response", "--nominal", "@pair.csv", "--template", "-1e-300=@pair.csv", "-o", "@o.safetensors"]),
        new(1, "@few.csv: Expected at least 20 rows to judge a model by, got 5.", ["diagnose", "@pair.safetensors", "@few.csv", "-o", "@d", "--check"]),
        new(1, "@weightless.csv: Expected a weight above 0, got zeros alone.", ["evaluate", "@single.safetensors", "@weightless.csv", "--weights", "w"]),
        new(1, "@s.npy: 1000000000000000000 rows take 8e+09 GB, but ", ["sample", "@pair.safetensors", "--n", "1000000000000000000", "-o", "@s.npy"]),
        new(1, "@good.csv: Expected numbers that differ on the scale of Support.Interval(-1e+30, 1e+30), got one and the same place for feature 2.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,b,c", "--bounds", "c=-1e30..1e30"]),
        new(1, "@good.csv: Expected numbers that differ on the scale of Support.Above(-1e+20), got one and the same place for feature 2.", ["fit", "@good.csv", "-o", "@o.safetensors", "--columns", "a,b,c", "--bounds", "c=above:-1e20"]),
        new(1, "@pair.csv: Expected a number in column 'x0', line 1, got 'a'.", ["fit", "@pair.csv", "-o", "@o.safetensors", "--header", "no"]),
        new(1, "@constant.csv: column 'b' is 7 in every row, so it has no density, and there is no other.", ["fit", "@constant.csv", "-o", "@o.safetensors", "--context", "a"]),
    ];

    private CliFolder _folder = null!;

    private static IEnumerable<TestCaseData> All() => _all.Select(line => new TestCaseData(line).SetArgDisplayNames(line.ToString()));

    [OneTimeSetUp]
    public void MakeFolder() => _folder = new CliFolder();

    [OneTimeTearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(nameof(All))]
    public void A_command_line_that_cannot_be_is_one_sentence_and_writes_nothing(BadCommandLine line)
    {
        var before = _folder.Files();
        var sentence = CliRun.Fail(line.Code, [.. line.Words.Select(_folder.In)]);
        Assert.That(sentence, Does.StartWith(_folder.In(line.Sentence)));
        Assert.That(_folder.Files(), Is.EqualTo(before));
    }
}
