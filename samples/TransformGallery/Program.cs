using TransformGallery;

return GalleryApplication.RunProcess(args);
