using Attack;

return AttackApplication.RunProcess(args);
