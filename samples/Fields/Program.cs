using LognormalFields;

return FieldsApplication.RunProcess(args);
