using Attack;

// attack --minutes 30: exit code 0 where every promise of docs/reliability.md held, else 1.
try
{
    return AttackRun.Run(AttackOptions.Parse(args));
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
