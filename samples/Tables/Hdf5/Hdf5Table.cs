namespace Tables.Hdf5;

internal sealed class Hdf5Table(TableSpecification s, TableOptions o) : Table(s, o)
{
    public const string Kind = "an HDF5 file";
    public override long RowCount => 0;
    public static Hdf5Table Open(TableSpecification specification, TableOptions options) => new(specification, options);
    private protected override TableReader Start(int[] columns) => throw Error("-");
}
